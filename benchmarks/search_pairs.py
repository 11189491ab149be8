"""Nicknames and sound-alikes to test search by, written down from general knowledge.

They are on purpose not taken from the lists and rules that search itself uses.
"""

from __future__ import annotations

_NICKNAMES = """
Robert: Bob Rob Bobby Robbie; William: Bill Will Billy Liam; Elizabeth: Liz Beth Betty Lizzie Eliza Betsy;
Richard: Rick Rich Dick Ricky; James: Jim Jimmy Jamie; John: Jack Johnny; Edward: Ed Ted Eddie Ned;
Margaret: Peggy Maggie Meg Greta Madge; Katherine: Kate Kathy Katie Kat; Catherine: Cathy Kate Cat;
Christopher: Chris Kit Topher; Christina: Tina Chris Chrissy; Michael: Mike Mick Mickey Mikey; Anthony:
Tony; Thomas: Tom Tommy; Daniel: Dan Danny; David: Dave Davy; Stephen: Steve Stevie; Steven: Steve; Joseph:
Joe Joey; Samuel: Sam Sammy; Samantha: Sam Sammie; Alexander: Alex Sandy Sasha Xander Al; Alexandra: Alex
Lexi Sasha Sandra; Andrew: Andy Drew; Matthew: Matt; Nicholas: Nick Nicky; Patrick: Pat Paddy; Patricia: Pat
Trish Patty Tricia; Susan: Sue Susie Suzy; Jennifer: Jen Jenny Jenn; Rebecca: Becky Becca Bec; Deborah:
Debbie Deb; Barbara: Barb Babs; Nancy: Nan; Frances: Fran Frannie; Ronald: Ron Ronnie; Raymond: Ray;
Gregory: Greg; Jeffrey: Jeff; Geoffrey: Geoff; Kenneth: Ken Kenny; Lawrence: Larry; Charles: Charlie Chuck
Chas; Henry: Harry Hank; Harold: Harry Hal; Eugene: Gene; Gerald: Gerry Jerry; Frederick: Fred Freddie;
Albert: Al Bert Bertie; Alan: Al; Victoria: Vicky Tori Vic; Abigail: Abby Gail; Gabriela: Gabby; Gabriel:
Gabe; Nathaniel: Nate Nat; Nathan: Nate; Zachary: Zach Zack; Joshua: Josh; Benjamin: Ben Benny Benji;
Jonathan: Jon Jonny; Timothy: Tim Timmy; Philip: Phil; Peter: Pete; Vincent: Vince Vinny; Walter: Walt
Wally; Stanley: Stan; Louis: Lou Louie; Melissa: Mel Missy; Amanda: Mandy; Cynthia: Cindy; Sandra: Sandy;
Eleanor: Ellie Nora Nell; Mary: Polly Molly; Sarah: Sally Sadie; Isabella: Izzy Bella; Theresa: Tess Terry
Tessa; Valerie: Val; Veronica: Ronnie Vera; Angela: Angie; Jacqueline: Jackie; Joanna: Jo; Judith: Judy;
Constance: Connie; Dorothy: Dot Dolly Dottie; Virginia: Ginny; Pamela: Pam; Kimberly: Kim; Nicole: Nicky
Nikki; Stephanie: Steph; Oliver: Ollie; Olivia: Liv Livvy Ollie; José: Pepe; Francisco: Paco Pancho;
Antonio: Tony Toño; Alejandro: Alex Ale; Rafael: Rafa; Eduardo: Eddie Lalo; Fernando: Nando; Guadalupe:
Lupe; Mikhail: Misha; Dmitri: Dima; Nikolai: Kolya; Ekaterina: Katya; Svetlana: Sveta; Giovanni: Gianni;
Giuseppe: Beppe; Francesca: Fran; Wolfgang: Wolf; Matthias: Matze; Mohammed: Mo; Leonard: Len Lenny Leo;
Dominic: Dom; Maximilian: Max; Alfred: Alf Alfie Fred; Arthur: Art Artie; Archibald: Archie; Ernest: Ernie;
Augustus: Gus; Herbert: Herb Bert; Jacob: Jake; Clifford: Cliff; Donald: Don Donnie; Douglas: Doug; Howard:
Howie; Isaac: Ike; Leslie: Les; Martin: Marty; Norman: Norm; Randall: Randy; Reginald: Reg Reggie; Rodney:
Rod; Russell: Russ; Sidney: Sid; Victor: Vic; Wesley: Wes; Adelaide: Addie; Agnes: Aggie; Allison: Ali
Allie; Beatrice: Bea Trixie; Bernadette: Bernie; Bridget: Bridie Biddy; Caroline: Carrie Caro; Cassandra:
Cassie Cass; Charlotte: Lottie Charlie; Evelyn: Evie Eve; Florence: Flo; Gwendolyn: Gwen; Harriet: Hattie;
Janet: Jan; Jessica: Jess Jessie; Josephine: Josie Jo; Kathryn: Kathy Kate; Louise: Lou; Matilda: Tilly
Mattie; Madeline: Maddie; Penelope: Penny; Rosalind: Roz; Tamara: Tammy; Winifred: Winnie Freda; Vivian:
Viv; Natalie: Nat; Natalia: Natasha; Rachel: Rach; Hannah: Hanna; Miguel: Mike; Manuel: Manny Manolo;
Sergio: Checo; Jesús: Chuy; Ricardo: Ricky; Luis: Lucho; Magnus: Mags; Claudia: Claudi; Katarzyna: Kasia;
Agnieszka: Aga; Małgorzata: Gosia; Tatiana: Tanya; Vladimir: Vova; Hans: Hansi
"""

_SOUND_ALIKES = """
Sean Shawn Shaun; Katherine Catherine Kathryn Katharine Cathryn; Stephen Steven Stefan; Geoffrey Jeffrey
Jeffery; Philip Phillip Filip; Sarah Sara; Mark Marc; Eric Erik Erick; John Jon; Brian Bryan; Alan Allan
Allen; Anne Ann; Theresa Teresa; Lindsay Lindsey Linsey; Rachel Rachael; Michael Micheal Mikael; Christina
Kristina Cristina; Carl Karl; Kurt Curt; Tracy Tracey Tracie; Deborah Debra Debora; Rebecca Rebekah Rebeka;
Isabel Isabelle Isobel; Megan Meghan Meagan; Yasmin Jasmin Yasmine; Mohammed Muhammad Mohamed Mohamad;
Nicholas Nicolas Nikolas; Anthony Antony; Matthew Mathew; Jonathan Johnathan Jonathon; Gregory Greggory;
Lawrence Laurence; Stuart Stewart; Frances Francis; Louis Lewis; Elizabeth Elisabeth; Hannah Hanna; Natalie
Nathalie; Isaac Isaak; Jacqueline Jaqueline; Madeline Madeleine Madelyn; Vivian Vivien Vivienne; Leslie
Lesley; Sidney Sydney; Alison Allison Alyson; Caroline Carolyn; Alexander Aleksander; Victor Viktor;
Frederick Fredrick Frederic; Geraldine Jeraldine; Zachary Zackary Zachery; Joanna Johanna; Kimberly
Kimberley; Stephanie Stefanie; Melissa Melisa; Ahmed Ahmad Achmed; Yusuf Yousef Youssef; Hassan Hasan;
Hussain Hussein; Aisha Aysha Ayesha; Fatima Fatema; Dmitri Dimitri Dmitry; Sergei Sergey; Nikolai Nicolai;
Mikhail Michail; Sofia Sophia; Lucas Lukas; Jürgen Yurgen; Javier Xavier; Ekaterina Yekaterina; Layla Leila
Laila; Jean-Luc Jeanluk; Chloé Khloe; Zoë Zoey; Hélène Helen; Astrid Astrit; Smith Smyth Smythe; Meyer Meier
Maier Mayer; Schmidt Schmitt Shmidt; Clark Clarke; Reid Reed Read; Thompson Thomson; Gray Grey; Peterson
Petersen Pedersen; Hansen Hanson; Nelson Nielsen; McDonald MacDonald; Burke Berk; White Whyte; Brown Browne;
Green Greene; Hoffman Hofmann Hoffmann; Fisher Fischer; Snyder Snider Schneider; Lee Leigh Li; Cohen Kohen;
Bailey Bayley Baily; Hughes Hewes; Wright Right Rite; Knight Night; Pierce Pearce; Rodríguez Rodrigues;
Gonzalez Gonzales; Hernández Hernandes; Martínez Martines; Pérez Peres; López Lopes; Gómez Gomes; Phillips
Philips; Johnston Johnson Johnstone; Stevens Stephens; Nichols Nicholls Nickles; Cole Kohl; Cooper Kooper;
Cox Coxe Cocks; Carpenter Karpenter; Davidson Davison; Davis Davies; Evans Evens; Harrison Harrisson; Jensen
Jenson Jansen; Larson Larsen Larsson; Carlson Karlsson Carlsen; Erickson Ericsson Eriksen; Olson Olsen
Olsson; Schultz Schulz Shultz; Weber Webber; Wagner Wagoner; Zimmerman Zimmermann; Klein Cline Kline; Keller
Kellar; Becker Bekker; Beck Bek; Kelly Kelley; Murray Murrey; Sullivan Sulivan; Walsh Walsch; Lynch Linch;
Riley Reilly Rylee; Ryan Rian; Kennedy Kenedy; Fitzgerald Fitsgerald; Sharp Sharpe; Lowe Low; Steele Steel;
Rhodes Rodes Roads; Byrd Bird; Haynes Haines; Perry Parry; Barnett Barnet; Bennett Benett; Garrett Garret
Garritt; Elliott Eliot Elliot; Barrett Barret; Marshall Marshal; Russell Russel; Campbell Cambell; Mitchell
Mitchel; Cunningham Cuningham; Ferguson Fergusson; Matthews Mathews; Roberts Robberts; Reynolds Renolds;
Wallace Wallis; Graham Grahame Graeme; Hayes Hays Haze; Myers Miers; Long Lawng; Ross Ros; Cruz Cruise; Ruiz
Ruis; Vásquez Vazquez; Nguyen Nguyyen; Petrov Petroff; Ivanov Ivanoff; Kowalski Kovalski Kowalsky; Novák
Nowak; Wiśniewski Vishnievski; Khan Kahn; Haddad Hadad; Abdi Abdee; Wong Wang; Chen Chan Chenn; Zhang Chang;
Huang Hwang; Liu Lew; Ng Ing; Pham Fam; Rahman Rehman; Singh Sing; Patel Pattel; Sharma Sherma; Kumar
Kumaar; Tran Tram; Moore More Moor; Hall Hal; Cook Cooke; Wells Welles; Webb Web; Mills Milles; Fox Focks;
Rice Ryce; Dixon Dickson; Hicks Hix; Burns Byrnes; Tucker Tukker; Freeman Friedman Freemann; Lloyd Loyd;
Frazier Fraser Frasier; Sutton Suton; McKinney MacKinney; McCarthy MacCarthy McCarty; McCoy MacCoy; O'Brien
Obrian O'Brian; O'Connor Oconner O'Conner; O'Neill Oneil O'Neal; O'Sullivan Osulivan; MacLeod McCloud
McLeod; McGregor MacGregor; Featherstonehaugh Fanshaw; Thatcher Thacher; Booker Bouker; Papadopoulos
Papadopulos; Kuznetsova Kusnetsova; Öztürk Osturk; Yılmaz Yilmas; Björk Byork; Strauß Strauss Strouse; Weiß
Weiss Vice; Groß Gross; Müller Muller Mueller Miller; Schäfer Shaefer Schaefer Shafer; König Koenig; Krüger
Kruger Krueger
"""


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split(";")]


NICKNAMES = tuple(
    (formal.strip(), short) for line in _lines(_NICKNAMES) for formal, _, shorts in [line.partition(":")]
    for short in shorts.split()
)  # fmt: skip
SOUND_ALIKES = tuple(tuple(line.split()) for line in _lines(_SOUND_ALIKES))

# Names that no agent of the roster has a part of.
NOBODYS_FIRST_NAMES = tuple(
    """
Gertrude Ophelia Lysander Persephone Cornelius Balthazar Anneliese Tobias Ximena Thaddeus Ulrike Zebulon
Fionnuala Esperanza Ignatius Mirabel Octavia Percival Quentin Rosamund Saoirse Torsten Ursula Wilhelmina
Yevgenia Zoltan Aurelio Brunhilde Cosmo Delphine Evander Faisal Gunther Hortense Isidora Jolanta Kasper
Leopold Marguerite Nestor Ottoline Prudence Rhiannon Solveig Tiberius Umberto Verity Wendell Xanthe Yolanda
Abel Bruno Clara Dana Edith Felix Gloria Hugo Irma Jonas Kira Leon Maya Nina Oskar Petra Quinn Rita Simon Tara
""".split()  # noqa: SIM905
)
NOBODYS_LAST_NAMES = tuple(
    """
Abernathy Blackwood Castellano Drummond Eisenhower Fairweather Goldstein Hathaway Islington Jablonski
Kavanagh Lancaster Montague Nightingale Oppenheimer Pemberton Quigley Rutherford Shackleton Tillman Urquhart
Vanderbilt Wadsworth Yardley Zapata Ashworth Birch Crane Dahl Ekberg Frost Gale Hume Ibsen Joyce Kerr Lamb
Moss Nash Orr Pike Quill Reeve Snow Tate Upton Vance Ware York Zeller Baptiste Chaudhry Demir Eze Fofana
Gebre Hakimi Inoue Jovanovic Kaplan Lundqvist Moreau Nakamura Okonkwo Pereira Quispe Rousseau Sokolov Toure
""".split()  # noqa: SIM905
)
