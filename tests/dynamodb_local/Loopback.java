import java.lang.reflect.Field;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * Starts DynamoDB Local on a free port of 127.0.0.1, prints the port, and ends when its input is closed.
 * Started by its own main class it would listen on every interface, and outlive tests that are killed.
 */
public class Loopback {
    public static void main(String[] arguments) throws Exception {
        String[] options = {"-inMemory", "-sharedDb", "-disableTelemetry"};
        DynamoDBProxyServer dynamodb = ServerRunner.createServerFromCommandLineArgs(options);
        Field field = DynamoDBProxyServer.class.getDeclaredField("server");
        field.setAccessible(true);
        ServerConnector connector = (ServerConnector) ((Server) field.get(dynamodb)).getConnectors()[0];
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        dynamodb.start();
        System.out.println("listening on " + connector.getLocalPort());
        System.setOut(System.err);
        while (System.in.read() >= 0) { }
        System.exit(0);
    }
}
