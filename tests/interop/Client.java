// Asks as Java's HttpClient does by default: with an offer to go on in HTTP/2.
// java Client.java get|post|read ADDRESS TYPE [QUERY]

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

public class Client {
    private static final int TIMES = 3;

    public static void main(String[] arguments) throws Exception {
        HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
        HttpRequest request = request(arguments);
        String last = "";
        for (int time = 0; time < TIMES; time++) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                System.err.println(answer.statusCode() + " " + answer.body());
                System.exit(1);
            }
            last = answer.body();
        }
        System.out.print(last);
    }

    private static HttpRequest request(String[] arguments) {
        String address = arguments[1];
        HttpRequest.Builder request = HttpRequest.newBuilder().header("Accept", arguments[2]);
        switch (arguments[0]) {
            case "get":
                String query = URLEncoder.encode(arguments[3], StandardCharsets.UTF_8);
                return request.uri(URI.create(address + "?query=" + query)).build();
            case "post":
                return request.uri(URI.create(address))
                    .header("Content-Type", "application/sparql-query")
                    .POST(BodyPublishers.ofString(arguments[3])).build();
            default:
                return request.uri(URI.create(address)).build();
        }
    }
}
