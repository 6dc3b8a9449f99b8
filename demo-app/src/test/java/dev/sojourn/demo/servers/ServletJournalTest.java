package dev.sojourn.demo.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.journal.JournalEntry;
import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.StoreCalls;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that the journal records a response and adds its cookie, however the response is sent. */
final class ServletJournalTest {
    private static final String SHORT = "short";
    private static final String LONG = "long ".repeat(100_000);

    private final Journal journal = new Journal();
    private final Server jetty = new Server();
    private final ServerConnector connector = new ServerConnector(jetty);
    private final ServletContextHandler context = new ServletContextHandler("/");

    private enum ResponseKind {
        WITHOUT_A_BODY(204, "") {
            @Override
            void send(HttpServletResponse response) {
                response.setStatus(204);
            }
        },
        BY_A_STREAM(200, SHORT) {
            @Override
            void send(HttpServletResponse response) throws IOException {
                response.getOutputStream().print(SHORT);
            }
        },
        BY_MORE_THAN_THE_BUFFER_HOLDS(200, LONG) {
            @Override
            void send(HttpServletResponse response) throws IOException {
                response.getOutputStream().print(LONG);
            }
        },
        BY_A_WRITER(200, SHORT) {
            @Override
            void send(HttpServletResponse response) throws IOException {
                response.getWriter().print(SHORT);
            }
        },
        BY_A_WRITER_WITH_MORE_THAN_THE_BUFFER_HOLDS(200, LONG) {
            @Override
            void send(HttpServletResponse response) throws IOException {
                response.getWriter().print(LONG);
            }
        },
        BY_A_FLUSH_BEFORE_THE_BODY(200, SHORT) {
            @Override
            void send(HttpServletResponse response) throws IOException {
                response.flushBuffer();
                response.getOutputStream().print(SHORT);
            }
        },
        BY_CLOSING(200, "") {
            @Override
            void send(HttpServletResponse response) throws IOException {
                response.getOutputStream().close();
            }
        },
        BY_AN_ERROR(418, "no coffee") {
            @Override
            void send(HttpServletResponse response) throws IOException {
                response.sendError(418, "no coffee");
            }
        },
        BY_A_REDIRECT(302, "") {
            @Override
            void send(HttpServletResponse response) throws IOException {
                response.sendRedirect("/elsewhere");
            }
        };

        private final int status;
        private final String body;

        ResponseKind(int status, String body) {
            this.status = status;
            this.body = body;
        }

        abstract void send(HttpServletResponse response) throws IOException;
    }

    @BeforeEach
    void start() throws Exception {
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        jetty.setHandler(context);
        Recorder recorder = new Recorder(
                journal, new StoreCalls(StoreCalls.Slot.threadLocal()), request -> false, request -> false);
        context.addFilter(new ServletJournalFilter(recorder), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new TestServlet(), "/");
        jetty.start();
    }

    @AfterEach
    void stop() throws Exception {
        jetty.stop();
    }

    /** Sends the kind of response that the path names, for example {@code /BY_A_STREAM}. */
    private static final class TestServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            ResponseKind.valueOf(request.getRequestURI().substring(1)).send(response);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_journal_contains_every_kind_of_response(ResponseKind kind) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/" + kind);
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(kind.status);
        if (kind == ResponseKind.BY_AN_ERROR) {
            assertThat(response.body()).contains(kind.body);
        } else {
            assertThat(response.body()).isEqualTo(kind.body);
        }
        String cookie = response.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).startsWith(Journal.COOKIE + "=");
        String client = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
        assertThat(journal.of(client))
                .extracting(JournalEntry::headline)
                .containsExactly("GET /" + kind + " → " + kind.status);
    }
}
