package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionSource;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The rules of every adapter, as a client on a real socket sees them, one test each. The author of an adapter extends this
 * class and starts a server on 127.0.0.1 with the adapter, mounted as an application mounts it. The server passes every
 * request of every path to one scenario, with a {@link Responder} for that framework.
 *
 * <p>The server is started once for all tests and serves at least two requests at a time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AdapterContract extends AdapterContractStoreRequests {
    /**
     * A path at which the author of the adapter also mounts the scenario through the framework's own router. Its {@link
     * Responder#route} reports that the router chose it.
     */
    protected static final String ROUTE = "/redeem";

    // The rules are in the superclasses. AdapterContractResponses, …Failures, …AfterHead, …Headers, …Requests and
    // …CrossSite hold for every kind of session that a handler can change; …StoreFailures and …StoreRequests for
    // sessions in a store. A nested class has the rules for another kind, or for remembered browsers, on a server of
    // its own.

    /** For subclasses. */
    protected AdapterContract() {}

    /**
     * Starts a real server with the adapter.
     *
     * @param sessions the sessions to mount, of any kind
     * @param scenario the handler of every request; an exception that it throws is the handler's exception
     * @return the server, stopped after all tests
     * @throws Exception if it cannot be started
     */
    @Override
    protected abstract Server start(SessionSource sessions, Scenario scenario) throws Exception;

    /**
     * A running server.
     *
     * @param port the port on which it listens on 127.0.0.1, over plain http
     * @param stop stops it
     */
    public record Server(int port, Runnable stop) {}

    /** A handler of requests, supplied by the contract. */
    @FunctionalInterface
    public interface Scenario {
        /**
         * Handles a request.
         *
         * @param responder the request and its response
         * @throws IOException if the response cannot be sent
         */
        void handle(Responder responder) throws IOException;
    }

    /** One request and its response. Each method does what an application of the framework does for that purpose. */
    public interface Responder {
        /**
         * Returns the path of the request.
         *
         * @return the path
         */
        String path();

        /**
         * Returns the route that the framework's router chose.
         *
         * @return {@link AdapterContract#ROUTE} if the router chose that route, otherwise the path
         */
        default String route() {
            return path();
        }

        /**
         * Returns the session in a store that the adapter gives to handlers.
         *
         * @return the session
         */
        Session session();

        /**
         * Returns the sealed session that the adapter gives to handlers.
         *
         * @return the sealed session
         */
        SealedSession sealed();

        /**
         * Returns what can be read of the session, as the adapter gives it to handlers.
         *
         * @return the view
         */
        SessionView view();

        /**
         * Adds a header line to the response.
         *
         * @param name the header's name
         * @param value the header's value
         */
        void addHeader(String name, String value);

        /**
         * Sends a response with a body of a fixed length. In a response to HEAD the framework omits the body.
         *
         * @param status the status
         * @param body the complete body
         * @throws IOException if the client closed the connection
         */
        void send(int status, byte[] body) throws IOException;

        /**
         * Sends the response of one of Sojourn's endpoints by the adapter's own method, if it has one.
         *
         * @param response the response
         * @throws IOException if the client closed the connection
         */
        default void send(EndpointResponse response) throws IOException {
            response.headers().forEach(this::addHeader);
            if (response.body().length == 0) {
                sendEmpty(response.status());
            } else {
                send(response.status(), response.body());
            }
        }

        /**
         * Sends a response without a body.
         *
         * @param status the status: 204, 304 or another
         * @throws IOException if the client closed the connection
         */
        void sendEmpty(int status) throws IOException;

        /**
         * Sends a redirect with status 302.
         *
         * @param location the target
         * @throws IOException if the client closed the connection
         */
        void redirect(String location) throws IOException;

        /**
         * Sends the head of a response and starts a body of unknown length. Flushed bytes go to the client at once.
         *
         * @param status the status
         * @return the stream for the body; the scenario closes it
         * @throws IOException if the client closed the connection
         */
        OutputStream stream(int status) throws IOException;
    }

    /** The rules for sealed sessions, on a server of their own. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    final class Sealed extends AdapterContractSealed {
        @Override
        Server start(SessionSource sessions, Scenario scenario) throws Exception {
            return AdapterContract.this.start(sessions, scenario);
        }
    }

    /** The rules for views of access tokens, on a server of their own. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    final class Views extends AdapterContractViews {
        @Override
        Server start(SessionSource sessions, Scenario scenario) throws Exception {
            return AdapterContract.this.start(sessions, scenario);
        }
    }

    /** The rules for sessions with access tokens and refresh tokens, on a server of their own. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    final class Tokens extends AdapterContractTokens {
        @Override
        Server start(SessionSource sessions, Scenario scenario) throws Exception {
            return AdapterContract.this.start(sessions, scenario);
        }
    }

    /** The rules for remembered browsers, on a server of their own. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    final class Remember extends AdapterContractRemember {
        @Override
        Server start(SessionSource sessions, Scenario scenario) throws Exception {
            return AdapterContract.this.start(sessions, scenario);
        }
    }

    @Test
    final void no_token_is_in_the_store_a_log_a_response_or_a_text_by_any_transport() throws Exception {
        for (ClientTransport transport : ClientTransport.values()) {
            LeakDetector detector = new LeakDetector(store);
            Sessions sessions = Sessions.create(
                    c -> c.secret(SECRET).store(detector).clock(clock).transport(transport.transport()));
            List<String> tokens;
            try (CapturedLogs logs = CapturedLogs.into(detector)) {
                Server server = start(sessions, this::handle);
                try {
                    tokens = new LeakScenario(
                                    server.port(),
                                    transport,
                                    sessions,
                                    store,
                                    detector,
                                    scenario -> at(LeakScenario.PATH, scenario))
                            .run();
                } finally {
                    server.stop().run();
                }
                detector.add(logs + " " + detector + " " + sessions);
            }

            assertTrue(
                    tokens.size() >= 4,
                    () -> "each new id should have a new token by " + transport + ", but there were " + tokens.size());
            assertEquals(Set.of(), detector.findLeaks(tokens.toArray(String[]::new)), transport::name);
            assertEquals(
                    Set.of("the secret"),
                    detector.findLeaks(LeakScenario.VALUE),
                    "the search finds a value that is present");
        }
    }
}
