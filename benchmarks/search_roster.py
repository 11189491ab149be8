"""A roster for the search benchmark: made-up agents with names as they come, from a seed.

First and last names are drawn by rank, common ones more often, as in a real company. There are names
with accents, apostrophes and hyphens, one-word and very long names, people registered under a short
name, and people of one name.
"""

from __future__ import annotations

import unicodedata
from random import Random

from core.models import Assigned

_FIRST = """
Maria James John Mohammed Jennifer Michael Robert David William Elizabeth Sarah Daniel Jessica Thomas
Anna Christopher José Emily Matthew Katherine Andrew Rebecca Joseph Laura Anthony Jane Peter Nicole
Alexander Susan Steven Michelle Kevin Amanda Brian Stephanie Richard Patricia Charles Linda Paul
Christina Mark Margaret Benjamin Victoria Nicholas Samantha Jonathan Karen Sean Rachel Philip Deborah
Eric Catherine Timothy Megan Gregory Theresa Patrick Sofia Samuel Isabella Edward Julia Lucas Hannah
Adam Natalie Juan Caroline Luis Allison Carlos Alexandra Antonio Priya Francisco Aisha Javier Fatima
Diego Yasmin Rafael Claudia Miguel Ingrid Alejandro Astrid Fernando Camila Ricardo Valentina Eduardo
Beatriz Manuel Lucía Jesús Inés Sergio Noémie Jürgen Chloé Wolfgang Zoë Hans Renée Klaus Anaïs Dieter
Hélène Matthias Geneviève Stefan François Søren Jérôme Lars Benoît Bjørn Étienne Åse Mathéo Jørgen
Małgorzata Magnus Łukasz Øyvind Katarzyna Håkon Paweł Erik Agnieszka Nils Krzysztof Anders Ewa Sven
Zbigniew Mikhail Ivana Dmitri Svetlana Nikolai Olga Vladimir Natalia Sergei Tatiana Andrei Ekaterina
Giovanni Chiara Giuseppe Francesca Luca Giulia Matteo Alessandra Lorenzo Elena Ahmed Layla Omar Noor
Ali Zainab Hassan Mariam Ibrahim Salma Yusuf Amina Mustafa Khadija Abdullah Nadia Wei Mei Jun Xiu Li
Ling Ming Hui Chen Yan Hiroshi Yuki Kenji Sakura Takashi Haruka Minh Linh Anh Thuy Duc Trang Raj Ananya
Amit Deepika Sanjay Kavita Vikram Lakshmi Arjun Sunita Rohan Meera Suresh Pooja Kwame Ama Chidi Ngozi
Emeka Chiamaka Tendai Zanele Thabo Lerato Kofi Abena Jamal Keisha Tyrone Latoya DeShawn Ebony Marcus
Tanisha Jean-Luc Marie-Claire Jean-Pierre Anne-Marie Mary-Ann Lee-Ann Ann-Kathrin Karl-Heinz
D'Andre Ja'Nae O'Shea Bob Liz Mike Kate Tony Sue Tom Jenny Dave Becky Chris Pat Sam Alex Max Kim
Will May Grace Mark Rose Hope Dawn Penny Frank Rich Bill Jack Art Hi Mine Can Do Ext
Stephen Geoffrey Jeffrey Alan Allan Marc Karl Carl Kurt Phillip Jon Bryan Shawn Shaun Erica Kristina
Cathryn Kathryn Sara Ann Anne Lindsay Tracy Debra Rachael Isabel Stuart Lawrence Laurence
Vincent Walter Stanley Louis Melissa Cynthia Sandra Eleanor Mary Dorothy Virginia Pamela Kimberly
Oliver Olivia Judith Constance Frances Ronald Raymond Kenneth Henry Harold Eugene Gerald Frederick
Albert Abigail Gabriel Gabriela Nathaniel Nathan Zachary Joshua Valerie Veronica Angela Jacqueline
Joanna Barbara Nancy Leonard Dominic Maximilian Alfred Arthur Archibald Ernest Augustus Herbert Jacob
Clifford Donald Douglas Howard Isaac Leslie Martin Norman Randall Reginald Rodney Russell Sidney
Victor Wesley Adelaide Agnes Beatrice Bernadette Bridget Cassandra Charlotte Evelyn Florence Gwendolyn
Harriet Janet Josephine Louise Matilda Madeline Penelope Rosalind Tamara Winifred Vivian Guadalupe
"""

_LAST = """
Smith Johnson Garcia Williams Brown Jones Müller Nguyen Martínez Davis Rodríguez Miller Wilson López
Anderson Thomas Taylor Moore Hernández Martin Jackson Thompson González White Pérez Lee Harris Clark
Lewis Robinson Walker Sánchez Hall Young Allen King Wright Scott Torres Hill Green Adams Baker Nelson
Carter Mitchell Ramírez Roberts Campbell Phillips Evans Turner Parker Collins Edwards Stewart Flores
Morris Rivera Cook Rogers Morgan Peterson Cooper Reed Bailey Gómez Kelly Howard Ward Cox Díaz
Richardson Wood Watson Brooks Bennett Gray James Reyes Cruz Hughes Price Myers Long Foster Sanders Ross
Morales Powell Sullivan Russell Ortiz Jenkins Gutiérrez Perry Butler Barnes Fisher Henderson Coleman
Simmons Patterson Jordan Reynolds Hamilton Graham Kim Gonzales Alexander Ramos Wallace Griffin West
Cole Hayes Chavez Gibson Bryant Ellis Stevens Murray Ford Marshall Owens McDonald Harrison Ruiz Kennedy
Wells Álvarez Woods Mendoza Castillo Olson Webb Washington Tucker Freeman Burns Henry Vásquez Snyder
Simpson Crawford Jiménez Porter Mason Shaw Gordon Wagner Hunter Romero Hicks Dixon Hunt Palmer Robertson
Black Holmes Stone Meyer Boyd Mills Warren Fox Rose Rice Moreno Schmidt Patel Ferguson Nichols Herrera
Medina Ryan Fernández Weaver Daniels Stephens Gardner Payne Kelley Dunn Pierce Arnold Tran Spencer Peters
Hawkins Grant Hansen Castro Hoffman Hart Elliott Cunningham Knight Bradley Carroll Hudson Duncan
Armstrong Berry Andrews Johnston Ray Lane Riley Carpenter Perkins Aguilar Silva Richards Willis Matthews
Chapman Lawrence Garza Vargas Watkins Wheeler Larson Carlson Harper George Greene Burke Guzmán Morrison
Munoz Jacobs O'Brien Lawson Franklin Lynch Bishop Carr Salazar Austin Méndez Gilbert Jensen Williamson
Montgomery Harvey Oliver Howell Dean Hanson Weber Garrett Sims Burton Fuller Soto McCoy Welch Chen
Schultz Walters Reid Fields Walsh Little Fowler Bowman Davidson May Day Schneider Newman Brewer Lucas
Holland Wong Banks Santos Curtis Pearson Delgado Valdez Peña Rios Douglas Sandoval Barrett Hopkins
Keller Guerrero Stanley Bates Alvarado Beck Ortega Wade Estrada Contreras Barnett Caldwell Santiago
Lambert Powers Chambers Núñez Craig Leonard Lowe Rhodes Byrd Gregory Shelton Frazier Becker Maldonado
Fleming Vega Sutton Cohen Jennings Parks McDaniel Watts Barker Norris Vaughn Vazquez Holt Schwartz
Steele Benson Neal Dominguez Horton Terry Wolfe Hale Lyons Graves Haynes Miles Park Warner Padilla Bush
Thornton McCarthy Mann Zimmerman Erickson Fletcher McKinney Page Dawson Joseph Marquez Reeves Klein
O'Connor O'Neill O'Sullivan D'Angelo D'Souza N'Diaye Søndergaard Østergård Kjærgaard Nyström Åkesson
Lindström Björk Þórsson Strauß Groß Weiß Schäfer König Krüger Böhm Lefèvre Gagné Côté Désiré Lemaître
Wójcik Kowalski Nowak Wiśniewski Żuk Dvořák Novák Šimek Horváth Nagy Szabó Popescu Ionescu Yılmaz Şahin
Öztürk Đorđević Petrović Ivanov Petrov Kuznetsova Smirnov Papadopoulos Rossi Ferrari Esposito Bianchi
Costa Ferreira Conceição Guimarães Araújo Ng Wu Xu Ho Ong Tan Lim Zhang Wang Liu Yang Huang Zhao Tanaka
Suzuki Satō Takahashi Watanabe Pham Lê Trần Đỗ Singh Kumar Sharma Gupta Reddy Iyer Krishnamurthy
Okafor Adeyemi Mensah Nkosi Dlamini Mbeki Abdi Haddad Khan Hussain Rahman Al-Farsi El-Sayed Ben-David
Bar-Lev Smith-Jones Taylor-Wood Brown-Forman Garcia-Vega Meyer-Schulz van_der_Berg van_Dijk de_la_Cruz
de_Vries dos_Santos da_Silva von_Trapp St._John MacLeod McGregor Fitzgerald Featherstonehaugh
Please Sharp Bright Swift Winter Summers Booker Hooper Draper Thatcher Wheelwright Cartwright Underwood
"""

_ODD = """
Madonna|Cher|Prince|Ronaldinho|Sukarno|Thant|王小明|Иван Петров|Nguyễn Thị Minh Khai|
Maria do Carmo Mão de Ferro e Cunha de Almeida Santa Rita|Hubert Blaine Wolfeschlegelsteinhausenbergerdorff|
Pablo Diego José Francisco de Paula Juan Nepomuceno|Björk Guðmundsdóttir|ProgressMessages|Björn Ironside Jr.|
Ana María de los Ángeles Quintana-Villanueva|X Æ Musk|Jean-Claude Van Damme|Kiran|Suharto
"""

FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(name.replace("_", " ") for name in _LAST.split())
ODD_NAMES = tuple(name.strip() for name in _ODD.split("|") if name.strip())
TEAMS = ("Sales", "Billing", "Support", "Retention", "Claims", "Dispatch")


def make_roster(size: int, seed: int) -> list[Assigned]:
    """As many agents as asked for, each with an extension of its own; the same for the same seed."""
    random = Random(seed)
    names = [*ODD_NAMES, *(_draw_name(random) for _ in range(size - len(ODD_NAMES)))]
    taken: set[str] = set()
    return [
        Assigned(
            extension=f"{number:05}",
            agent_id=f"agent-{number}",
            username=_draw_username(random, name, taken),
            name=name,
            team=random.choice(TEAMS),
        )
        for number, name in enumerate(names)
    ]


def plain(text: str) -> str:
    """Lower case without accents, apostrophes and the like; on purpose not the search's own folding."""
    letters = str.maketrans(
        {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "þ": "th", "ð": "d", "ı": "i"}
    )
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(letters))
    kept = (letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join("".join(kept).replace("'", "").replace(".", "").replace("-", " ").split())


def _draw_name(random: Random) -> str:
    first, last = _draw(random, FIRST_NAMES), _draw(random, LAST_NAMES)
    kind = random.random()
    if kind < 0.06:
        return f"{first} {_draw(random, FIRST_NAMES)} {last}"
    if kind < 0.09:
        return f"{first} {random.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
    if kind < 0.12:
        return f"{first} {last} {_draw(random, LAST_NAMES)}"
    return f"{first} {last}"


def _draw(random: Random, names: tuple[str, ...]) -> str:
    return random.choices(names, [1 / (rank + 40) for rank in range(len(names))])[0]


def _draw_username(random: Random, name: str, taken: set[str]) -> str:
    words = [word for word in plain(name).split() if word.isascii()] or ["agent"]
    first, last = words[0], words[-1]
    wished = random.choice([first[0] + last, f"{first}.{last}", f"{first}.{last}@example.com"])
    local, at, domain = wished.partition("@")
    username, number = wished, 1
    while username in taken:
        number += 1
        username = f"{local}{number}{at}{domain}"
    taken.add(username)
    return username
