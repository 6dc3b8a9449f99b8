package dev.sojourn.testing;

import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import dev.sojourn.testing.AdapterContract.Scenario;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All that one client does on a real server, failures included. Adds everything that can be seen of it to a {@link
 * LeakDetector}: texts of objects, exceptions, and responses except the token in its place.
 */
final class LeakScenario {
    static final String VALUE = "a-value-to-be-found";
    static final String PATH = "/life";
    private static final String USER = "alice";

    private final int port;
    private final ClientTransport transport;
    private final Sessions sessions;
    private final FaultyStore store;
    private final LeakDetector detector;
    private final Consumer<Scenario> mount;
    private final List<String> tokens = new ArrayList<>();
    private String sent = "Accept: */*";

    /**
     * Creates a client.
     *
     * @param mount sets the scenario for the next request to {@link #PATH}
     */
    LeakScenario(
            int port,
            ClientTransport transport,
            Sessions sessions,
            FaultyStore store,
            LeakDetector detector,
            Consumer<Scenario> mount) {
        this.port = port;
        this.transport = transport;
        this.sessions = sessions;
        this.store = store;
        this.detector = detector;
        this.mount = mount;
    }

    /** Sends all requests and returns every token that the client received. */
    List<String> run() throws IOException {
        request(r -> r.session().set("name", VALUE));
        request(r -> r.session().login(USER));
        request(r -> r.session().get("name", Integer.class));
        request(r -> r.session().set("odd", new Object()));
        request(r -> r.session().changeId());
        request(r -> sessions.of(USER).list().forEach(each -> detector.add(each.toString())));
        requestWithWrongTokens();
        requestWithFailures();
        request(r -> r.session().regenerate());
        request(r -> r.session().set("name", "x"));
        request(r -> r.session().destroy());
        request(r -> r.session().has("name"));
        return List.copyOf(tokens);
    }

    /** Sends a retired token, a forged one, a token without its signature, a doubled one, and a token by each other transport. */
    private void requestWithWrongTokens() throws IOException {
        String newest = tokens.get(tokens.size() - 1);
        int dot = newest.indexOf('.');
        String signature = newest.substring(dot + 1);
        char other = signature.charAt(0) == 'A' ? 'B' : 'A';
        String forged = newest.substring(0, dot + 1) + other + signature.substring(1);
        List<String> lines = new ArrayList<>(List.of(
                transport.line(tokens.get(0)),
                transport.line(forged),
                transport.line(newest.substring(0, dot)),
                transport.line(newest + newest)));
        for (ClientTransport each : ClientTransport.values()) {
            if (each != transport) {
                lines.add(each.line(newest));
            }
        }
        String before = sent;
        for (String line : lines) {
            sent = line;
            request(r -> r.session().has("name"));
            sent = line;
            request(r -> r.session().changeId());
        }
        sent = before;
    }

    private void requestWithFailures() throws IOException {
        request(r -> {
            store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);
            r.session().set("name", "x");
        });
        request(r -> {
            r.session().set("name", "y");
            store.failNext(Call.COMPARE_AND_SET, Fault.REQUEST_LOST);
            try {
                r.session().save();
            } catch (SessionException e) {
                detector.add(e);
            }
        });
        request(r -> {
            throw new IllegalStateException("a failure of the handler");
        });
        store.failAll();
        request(r -> r.session().set("name", "z"));
        store.reset();
    }

    private void request(Scenario scenario) throws IOException {
        mount.accept(r -> {
            detector.add(r + " " + r.session() + " " + r.session().publicId());
            try {
                scenario.handle(r);
                detector.add(r.session().toString());
            } catch (RuntimeException e) {
                detector.add(e);
                throw e;
            }
            r.send(200, "done".getBytes(StandardCharsets.UTF_8));
        });
        try (RawHttp http = RawHttp.connect(port)) {
            http.send("GET", PATH, sent, "Connection: close");
            Response response = http.readResponse("GET");
            transport.withoutToken(response).forEach(detector::add);
            transport.tokenIn(response).ifPresent(token -> {
                tokens.add(token);
                sent = transport.line(token);
            });
        }
    }
}
