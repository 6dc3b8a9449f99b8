package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore.Call;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks sessions in all kinds of dispatch: forward, include, asynchronous, error. */
class DispatchTest {
    private static Site site;
    private Browser browser;

    @BeforeAll
    static void start() throws Exception {
        site = new Site("/error", new dev.sojourn.SessionListener() {}, options -> {}, new WrappingFilters());
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void reset() {
        site.store.reset();
        browser = site.browser();
        site.setPage("/error", (request, response) -> response.getWriter().print("error page"));
        site.setPage("/read", (request, response) -> {
            Integer n = Sojourn.session(request).get("n", Integer.class);
            response.getWriter().print("n=" + n);
        });
    }

    @AfterEach
    void throwPageProblems() {
        site.throwProblem();
    }

    /** Adds application filters before and after the Sojourn filter, whose wrappers are unaware of sessions. */
    private static final class WrappingFilters implements Site.Surroundings {
        @Override
        public void before(ServletContext context, Sessions sessions) {
            Container.addFilter(context, "before", wrapping());
        }

        @Override
        public void after(ServletContext context, Sessions sessions) {
            Container.addFilter(context, "after", wrapping());
        }

        private static Filter wrapping() {
            return (request, response, chain) -> chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request),
                    new HttpServletResponseWrapper((HttpServletResponse) response));
        }
    }

    private static void put(HttpServletRequest request, int n) {
        Sojourn.session(request).set("n", n);
    }

    private String readStored() {
        return browser.get("/read").text();
    }

    private void newSession() {
        site.show(browser, (request, response) -> {
            put(request, 0);
            response.getWriter().print("begun");
        });
        site.store.reset();
    }

    // ---- forward and include

    @Test
    void a_forward_continues_with_the_same_session() {
        site.setPage("/target", (request, response) -> {
            assertThat(Sojourn.session(request).get("n", Integer.class)).isEqualTo(1);
            put(request, 2);
            response.getWriter().print("forwarded");
        });

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            request.getRequestDispatcher("/target").forward(request, response);
        });

        assertThat(received.text()).isEqualTo("forwarded");
        assertThat(received.setCookies()).hasSize(1);
        assertThat(readStored()).isEqualTo("n=2");
    }

    @Test
    void the_cookie_is_sent_before_an_include_writes() {
        site.setPage("/part", (request, response) -> response.getWriter().print("part"));

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            request.getRequestDispatcher("/part").include(request, response);
            response.getWriter().print(" whole");
        });

        assertThat(received.text()).isEqualTo("part whole");
        assertThat(readStored()).isEqualTo("n=1");
    }

    @Test
    void a_session_created_within_an_include_gets_its_cookie() {
        site.setPage("/part", (request, response) -> {
            put(request, 1);
            response.getWriter().print("part");
        });

        Browser.Response received = site.show(
                browser,
                (request, response) -> request.getRequestDispatcher("/part").include(request, response));

        assertThat(received.text()).isEqualTo("part");
        assertThat(readStored()).isEqualTo("n=1");
    }

    @Test
    void the_cookie_is_sent_before_a_large_include() {
        site.setPage("/part", (request, response) -> response.getWriter().print("x".repeat(300_000)));

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            request.getRequestDispatcher("/part").include(request, response);
        });

        assertThat(received.text()).hasSize(300_000);
        assertThat(received.setCookies()).hasSize(1);
        assertThat(readStored()).isEqualTo("n=1");
    }

    // ---- asynchronous

    @Test
    void a_response_from_another_thread_waits_for_the_save() {
        for (boolean withArguments : new boolean[] {false, true}) {
            browser = site.browser();
            Browser.Response received = site.show(browser, (request, response) -> {
                AsyncContext context = withArguments ? request.startAsync(request, response) : request.startAsync();
                startThread(() -> {
                    put(request, 1);
                    response.getWriter().print("from a thread");
                    put(request, 2);
                    context.complete();
                });
            });

            assertThat(received.text()).isEqualTo("from a thread");
            assertThat(readStored()).isEqualTo("n=2");
        }
    }

    @Test
    void an_asynchronous_response_without_a_body_has_the_cookie() {
        Browser.Response received = site.show(browser, (request, response) -> {
            AsyncContext context = request.startAsync();
            startThread(() -> {
                put(request, 1);
                response.setStatus(204);
                context.complete();
            });
        });

        assertThat(received.status()).isEqualTo(204);
        assertThat(readStored()).isEqualTo("n=1");
    }

    @Test
    void an_asynchronous_dispatch_continues_with_the_same_session() {
        AtomicReference<Object> first = new AtomicReference<>();
        site.setPage("/target", (request, response) -> {
            assertThat(Sojourn.session(request)).isSameAs(first.get());
            assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.ASYNC);
            put(request, 2);
            response.getWriter().print("dispatched");
        });

        for (boolean fromAThread : new boolean[] {false, true}) {
            browser = site.browser();
            Browser.Response received = site.show(browser, (request, response) -> {
                put(request, 1);
                first.set(Sojourn.session(request));
                AsyncContext context = request.startAsync();
                if (fromAThread) {
                    startThread(() -> context.dispatch("/target"));
                } else {
                    context.dispatch("/target");
                }
            });

            assertThat(received.text()).isEqualTo("dispatched");
            assertThat(received.setCookies()).hasSize(1);
            assertThat(readStored()).isEqualTo("n=2");
        }
    }

    @Test
    void the_error_page_after_a_timeout_sees_the_session() {
        site.setPage("/error", (request, response) -> {
            put(request, Sojourn.session(request).get("n", Integer.class) == null ? -1 : 2);
            response.getWriter().print("error page");
        });

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            request.startAsync().setTimeout(300);
        });

        assertThat(received.status()).isEqualTo(500);
        assertThat(received.text()).isEqualTo("error page");
        assertThat(readStored()).isEqualTo("n=2");
    }

    @Test
    void the_session_is_saved_if_a_listener_completes_after_a_timeout() {
        Browser.Response received = site.show(browser, (request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(300);
            context.addListener(new CompletingListener(() -> {
                put(request, 1);
                response.setStatus(202);
            }));
        });

        assertThat(received.status()).isEqualTo(202);
        assertThat(readStored()).isEqualTo("n=1");
    }

    private record CompletingListener(Runnable before) implements AsyncListener {
        @Override
        public void onTimeout(AsyncEvent event) {
            before.run();
            event.getAsyncContext().complete();
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    @Test
    void changes_before_an_exception_in_an_asynchronous_dispatch_are_saved_and_the_error_page_is_shown() {
        site.setPage("/target", (request, response) -> {
            put(request, 2);
            throw new ServletException("wanted");
        });

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            request.startAsync().dispatch("/target");
        });

        assertThat(received.status()).isEqualTo(500);
        assertThat(received.text()).isEqualTo("error page");
        assertThat(readStored()).isEqualTo("n=2");
    }

    @Test
    void a_session_exception_after_start_async_gets_its_response_immediately() {
        newSession();
        Browser.Response received = site.show(browser, (request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(600_000);
            site.store.failAll();
            put(request, 1);
        });

        assertThat(received.status()).isEqualTo(503);
    }

    // ---- errors

    @Test
    void send_error_saves_changes_first_and_the_error_page_sees_them() {
        site.setPage("/error", (request, response) -> {
            assertThat(Sojourn.session(request).get("n", Integer.class)).isEqualTo(1);
            put(request, 2);
            response.getWriter().print("error page");
        });

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            response.sendError(404);
        });

        assertThat(received.status()).isEqualTo(404);
        assertThat(received.text()).isEqualTo("error page");
        assertThat(readStored()).isEqualTo("n=2");
    }

    @Test
    void a_session_can_still_be_changed_after_send_error() {
        newSession();
        site.show(browser, (request, response) -> {
            response.sendError(404);
            put(request, 3);
        });

        assertThat(readStored()).isEqualTo("n=3");
    }

    @Test
    void a_session_created_in_an_error_page_gets_its_cookie() {
        site.setPage("/error", (request, response) -> {
            put(request, 1);
            response.getWriter().print("error page");
        });
        for (boolean byException : new boolean[] {false, true}) {
            browser = site.browser();
            Browser.Response received = site.show(browser, (request, response) -> {
                if (byException) {
                    throw new ServletException("wanted");
                }
                response.sendError(418);
            });

            assertThat(received.status()).isEqualTo(byException ? 500 : 418);
            assertThat(received.text()).isEqualTo("error page");
            assertThat(readStored()).isEqualTo("n=1");
        }
    }

    @Test
    void the_error_page_after_an_exception_sees_the_session() {
        site.setPage(
                "/error",
                (request, response) -> response.getWriter()
                        .print("n=" + Sojourn.session(request).get("n", Integer.class)));

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            throw new IllegalStateException("wanted");
        });

        assertThat(received.text()).isEqualTo("n=1");
        assertThat(readStored()).isEqualTo("n=1");
    }

    @Test
    void without_an_error_page_send_error_keeps_the_cookie() throws Exception {
        try (Site bare = new Site(null)) {
            Browser client = bare.browser();
            Browser.Response received = bare.show(client, (request, response) -> {
                put(request, 1);
                response.sendError(404);
            });

            assertThat(received.status()).isEqualTo(404);
            assertThat(received.setCookies()).hasSize(1);
        }
    }

    /** Undertow drops all headers of a response that ended with an exception, unless there is an error page. */
    @Test
    void without_an_error_page_an_exception_keeps_the_cookie_except_on_undertow() throws Exception {
        try (Site bare = new Site(null)) {
            Browser client = bare.browser();
            Browser.Response received = bare.show(client, (request, response) -> {
                put(request, 1);
                throw new IllegalStateException("wanted");
            });

            assertThat(received.status()).isEqualTo(500);
            assertThat(received.setCookies()).hasSize(Container.name().equals("undertow") ? 0 : 1);
        }
    }

    // ---- the buffer

    @Test
    void reset_and_reset_buffer_after_the_first_byte_keep_the_cookie() {
        for (boolean whole : new boolean[] {false, true}) {
            browser = site.browser();
            Browser.Response received = site.show(browser, (request, response) -> {
                put(request, 1);
                response.getWriter().print("draft");
                if (whole) {
                    response.reset();
                } else {
                    response.resetBuffer();
                }
                response.getWriter().print("final");
            });

            assertThat(received.text()).isEqualTo("final");
            assertThat(received.setCookies()).hasSize(1);
            assertThat(readStored()).isEqualTo("n=1");
        }
    }

    @Test
    void a_session_created_after_the_first_byte_gets_its_cookie_while_the_response_is_buffered() {
        Browser.Response received = site.show(browser, (request, response) -> {
            response.getWriter().print("first ");
            put(request, 1);
            response.getWriter().print("second");
        });

        assertThat(received.text()).isEqualTo("first second");
        assertThat(readStored()).isEqualTo("n=1");
    }

    @Test
    void a_login_between_two_blocks_reaches_the_client_even_if_the_second_block_fills_the_buffer() {
        newSession();
        String before = browser.cookie();
        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            response.getOutputStream().write('a');
            Sojourn.session(request).login("alice");
            response.getOutputStream().write(new byte[500_000]);
        });

        assertThat(received.text()).hasSize(500_001);
        assertThat(browser.cookie()).isNotEqualTo(before);
        assertThat(readStored()).isEqualTo("n=1");
    }

    @Test
    void writer_and_stream_are_stable_and_mutually_exclusive() {
        site.show(browser, (request, response) -> {
            assertThat(response.getWriter()).isSameAs(response.getWriter());
            assertThatThrownBy(response::getOutputStream).isInstanceOf(IllegalStateException.class);
            response.getWriter().printf("%s", "formatted");
            assertThat(response.getWriter().checkError()).isFalse();
        });
    }

    @Test
    void a_body_of_the_declared_length_is_complete_and_changes_before_and_after_it_are_saved() {
        newSession();
        Browser.Response received = site.show(browser, (request, response) -> {
            response.addHeader("Set-Cookie", "theme=dark");
            response.addHeader("Set-Cookie", "lang=de");
            response.setContentLength(5);
            Sojourn.session(request).login("alice");
            response.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            put(request, 7);
        });

        assertThat(received.text()).isEqualTo("hello");
        assertThat(received.contentLength()).isEqualTo("5");
        assertThat(received.setCookies()).hasSize(3);
        assertThat(readStored()).isEqualTo("n=7");
    }

    @Test
    void a_head_request_gets_the_cookie_and_no_body() {
        site.setPage("/page", (request, response) -> {
            put(request, 1);
            response.setContentLength(5);
            response.getOutputStream().print("hello");
        });

        Browser.Response received = browser.send("HEAD", "/page");

        assertThat(received.text()).isEmpty();
        assertThat(received.setCookies()).hasSize(1);
        assertThat(readStored()).isEqualTo("n=1");
    }

    @Test
    void the_session_is_saved_before_a_write_listener_writes_without_blocking() {
        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            AsyncContext context = request.startAsync();
            ServletOutputStream out = response.getOutputStream();
            out.setWriteListener(new BlockWriter(out, context));
        });

        assertThat(received.text()).hasSize(20 * 10_000);
        assertThat(received.setCookies()).hasSize(1);
        assertThat(readStored()).isEqualTo("n=1");
    }

    private static final class BlockWriter implements WriteListener {
        private final ServletOutputStream out;
        private final AsyncContext context;
        private int left = 20;

        BlockWriter(ServletOutputStream out, AsyncContext context) {
            this.out = out;
            this.context = context;
        }

        @Override
        public void onWritePossible() throws IOException {
            while (out.isReady()) {
                if (left == 0) {
                    context.complete();
                    return;
                }
                left--;
                out.write("x".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
            }
        }

        @Override
        public void onError(Throwable problem) {
            site.addProblem(problem);
            context.complete();
        }
    }

    // ---- costs

    @Test
    void a_request_that_does_not_use_its_session_makes_no_store_call() {
        newSession();
        site.show(browser, (request, response) -> response.getWriter().print("hello"));

        assertThat(site.store.calls()).isEmpty();
    }

    @Test
    void get_session_false_costs_one_read_with_a_cookie_and_nothing_without() {
        newSession();
        Site.Page page = (request, response) -> response.getWriter().print(request.getSession(false) != null);
        assertThat(site.show(browser, page).text()).isEqualTo("true");
        assertThat(site.store.calls()).containsExactly(Call.LOAD);

        site.store.reset();
        assertThat(site.show(site.browser(), page).text()).isEqualTo("false");
        assertThat(site.store.calls()).isEmpty();
    }

    @Test
    void a_page_that_sets_attributes_between_writes_is_saved_at_most_twice() {
        newSession();
        site.show(browser, (request, response) -> {
            put(request, 1);
            for (int i = 0; i < 1000; i++) {
                response.getWriter().print("a line of this page\n");
                put(request, i);
            }
        });

        assertThat(site.store.calls()).containsExactly(Call.LOAD, Call.COMPARE_AND_SET, Call.COMPARE_AND_SET);
        assertThat(readStored()).isEqualTo("n=999");
    }

    // ---- mounting

    @Test
    void the_message_without_a_filter_shows_how_to_add_it() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (Container.RunningContainer running = Container.configured()
                .start(
                        context -> Container.addServlet(
                                context,
                                "bare",
                                new jakarta.servlet.http.HttpServlet() {
                                    private static final long serialVersionUID = 1L;

                                    @Override
                                    protected void service(HttpServletRequest request, HttpServletResponse response) {
                                        try {
                                            Sojourn.session(request);
                                        } catch (IllegalStateException e) {
                                            thrown.set(e);
                                        }
                                    }
                                },
                                "/*"),
                        null)) {
            new Browser(running.port()).get("/");
        }
        assertThat(thrown.get()).hasMessageContaining("addFilter(\"sojourn\", new SojournFilter(sessions))");
    }

    @Test
    void two_filters_in_one_chain_keep_separate_sessions() throws Exception {
        Sessions outer = Sessions.create(c -> c.secret(Site.SECRET).cookie(k -> k.name("__Host-outer")));
        Site.Surroundings frame = new Site.Surroundings() {
            @Override
            public void before(ServletContext context, Sessions sessions) {
                Container.addFilter(context, "outer", new SojournFilter(outer));
                Container.addFilter(context, "between", (request, response, chain) -> {
                    Sojourn.session(request).update("visits", Integer.class, n -> n == null ? 1 : n + 1);
                    chain.doFilter(request, response);
                });
            }
        };
        try (Site two = new Site("/error", new dev.sojourn.SessionListener() {}, options -> {}, frame)) {
            Browser client = two.browser();
            Site.Page page = (request, response) -> {
                assertThat(Sojourn.session(request).has("visits")).isFalse();
                put(request, 1);
                response.getWriter().print("hello");
            };

            assertThat(two.show(client, page).setCookies()).hasSize(2);
            assertThat(two.show(client, page).setCookies()).isEmpty();
            two.throwProblem();
        }
    }

    // ---- threads

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void startThread(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | RuntimeException | Error e) {
                        site.addProblem(e);
                    }
                },
                "application");
        thread.setDaemon(true);
        thread.start();
    }
}
