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
 * One client's whole life on a real server, failures included, with everything noted that may be seen of it: texts of
 * objects, exceptions, and answers apart from the token in its place.
 */
final class LeakScenario {
    static final String MARK = "a-value-to-be-found";
    static final String PATH = "/life";
    private static final String USER = "alice";

    private final int port;
    private final ClientTransport carrier;
    private final Sessions sessions;
    private final FaultyStore store;
    private final LeakDetector transcript;
    private final Consumer<Scenario> mount;
    private final List<String> tokens = new ArrayList<>();
    private String sent = "Accept: */*";

    /**
     * A client.
     *
     * @param mount handles the next request to {@link #PATH}
     */
    LeakScenario(
            int port,
            ClientTransport carrier,
            Sessions sessions,
            FaultyStore store,
            LeakDetector transcript,
            Consumer<Scenario> mount) {
        this.port = port;
        this.carrier = carrier;
        this.sessions = sessions;
        this.store = store;
        this.transcript = transcript;
        this.mount = mount;
    }

    /** Lives it, and returns every token that the client was given. */
    List<String> tokens() throws IOException {
        request(r -> r.session().set("name", MARK));
        request(r -> r.session().login(USER));
        request(r -> r.session().get("name", Integer.class));
        request(r -> r.session().set("odd", new Object()));
        request(r -> r.session().changeId());
        request(r -> sessions.of(USER).list().forEach(each -> transcript.add(each.toString())));
        strangeRequests();
        failures();
        request(r -> r.session().regenerate());
        request(r -> r.session().set("name", "x"));
        request(r -> r.session().destroy());
        request(r -> r.session().has("name"));
        return List.copyOf(tokens);
    }

    /** A token that was replaced, one that is altered, one of a key that is not ours, one in each place that is not its own. */
    private void strangeRequests() throws IOException {
        String newest = tokens.get(tokens.size() - 1);
        int dot = newest.indexOf('.');
        String signature = newest.substring(dot + 1);
        char other = signature.charAt(0) == 'A' ? 'B' : 'A';
        String forged = newest.substring(0, dot + 1) + other + signature.substring(1);
        List<String> lines = new ArrayList<>(List.of(
                carrier.line(tokens.get(0)),
                carrier.line(forged),
                carrier.line(newest.substring(0, dot)),
                carrier.line(newest + newest)));
        for (ClientTransport each : ClientTransport.values()) {
            if (each != carrier) {
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

    private void failures() throws IOException {
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
                transcript.add(e);
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
            transcript.add(r + " " + r.session() + " " + r.session().publicId());
            try {
                scenario.handle(r);
                transcript.add(r.session().toString());
            } catch (RuntimeException e) {
                transcript.add(e);
                throw e;
            }
            r.send(200, "done".getBytes(StandardCharsets.UTF_8));
        });
        try (RawHttp http = RawHttp.connect(port)) {
            http.send("GET", PATH, sent, "Connection: close");
            Response answer = http.answer("GET");
            carrier.apartFromTheToken(answer).forEach(transcript::add);
            carrier.tokenIn(answer).ifPresent(token -> {
                tokens.add(token);
                sent = carrier.line(token);
            });
        }
    }
}
