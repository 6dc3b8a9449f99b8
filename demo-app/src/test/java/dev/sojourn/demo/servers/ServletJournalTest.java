package dev.sojourn.demo.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.demo.journal.Entry;
import dev.sojourn.demo.journal.Journal;
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

/** However an answer leaves, the journal has it and its cookie goes along. */
final class ServletJournalTest {
    private static final String SHORT = "short";
    private static final String LONG = "long ".repeat(100_000);

    private final Journal journal = new Journal();
    private final Server jetty = new Server();
    private final ServerConnector connector = new ServerConnector(jetty);
    private final ServletContextHandler context = new ServletContextHandler("/");

    private enum Leaving {
        WITHOUT_A_BODY(204, "") {
            @Override
            void leave(HttpServletResponse response) {
                response.setStatus(204);
            }
        },
        BY_A_STREAM(200, SHORT) {
            @Override
            void leave(HttpServletResponse response) throws IOException {
                response.getOutputStream().print(SHORT);
            }
        },
        BY_MORE_THAN_THE_BUFFER_HOLDS(200, LONG) {
            @Override
            void leave(HttpServletResponse response) throws IOException {
                response.getOutputStream().print(LONG);
            }
        },
        BY_A_WRITER(200, SHORT) {
            @Override
            void leave(HttpServletResponse response) throws IOException {
                response.getWriter().print(SHORT);
            }
        },
        BY_A_WRITER_WITH_MORE_THAN_THE_BUFFER_HOLDS(200, LONG) {
            @Override
            void leave(HttpServletResponse response) throws IOException {
                response.getWriter().print(LONG);
            }
        },
        BY_A_FLUSH_BEFORE_THE_BODY(200, SHORT) {
            @Override
            void leave(HttpServletResponse response) throws IOException {
                response.flushBuffer();
                response.getOutputStream().print(SHORT);
            }
        },
        BY_CLOSING(200, "") {
            @Override
            void leave(HttpServletResponse response) throws IOException {
                response.getOutputStream().close();
            }
        },
        BY_AN_ERROR(418, "no coffee") {
            @Override
            void leave(HttpServletResponse response) throws IOException {
                response.sendError(418, "no coffee");
            }
        },
        BY_A_REDIRECT(302, "") {
            @Override
            void leave(HttpServletResponse response) throws IOException {
                response.sendRedirect("/elsewhere");
            }
        };

        private final int status;
        private final String body;

        Leaving(int status, String body) {
            this.status = status;
            this.body = body;
        }

        abstract void leave(HttpServletResponse response) throws IOException;
    }

    @BeforeEach
    void start() throws Exception {
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        jetty.setHandler(context);
        Recorder recorder = new Recorder(journal, new StoreCalls(StoreCalls.Slot.ofThread()));
        context.addFilter(new ServletJournal(recorder), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new Scripted(), "/");
        jetty.start();
    }

    @AfterEach
    void stop() throws Exception {
        jetty.stop();
    }

    /** Answers {@code /BY_A_STREAM} as that says. */
    private static final class Scripted extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Leaving.valueOf(request.getRequestURI().substring(1)).leave(response);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_is_in_the_journal_however_it_leaves(Leaving how) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/" + how);
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(how.status);
        if (how == Leaving.BY_AN_ERROR) {
            assertThat(answer.body()).contains(how.body);
        } else {
            assertThat(answer.body()).isEqualTo(how.body);
        }
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).startsWith(Journal.COOKIE + "=");
        String visitor = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
        assertThat(journal.of(visitor)).extracting(Entry::headline).containsExactly("GET /" + how + " → " + how.status);
    }
}
