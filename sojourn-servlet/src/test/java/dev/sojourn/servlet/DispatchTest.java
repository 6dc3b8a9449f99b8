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

/** All the ways of a request through a container, with a session along. */
class DispatchTest {
    private static Site site;
    private Browser browser;

    @BeforeAll
    static void start() throws Exception {
        site = new Site("/error", new dev.sojourn.SessionListener() {}, options -> {}, new Surroundings());
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void beginAnew() {
        site.store.reset();
        browser = site.browser();
        site.at("/error", (request, response) -> response.getWriter().print("error page"));
        site.at("/read", (request, response) -> {
            Integer n = Sojourn.session(request).get("n", Integer.class);
            response.getWriter().print("n=" + n);
        });
    }

    @AfterEach
    void nothingWentWrongInAPage() {
        site.check();
    }

    /** A filter of the application on either side, whose wrappers know nothing of sessions. */
    private static final class Surroundings implements Site.Frame {
        @Override
        public void before(ServletContext context, Sessions sessions) {
            Container.filter(context, "before", wrapping());
        }

        @Override
        public void after(ServletContext context, Sessions sessions) {
            Container.filter(context, "after", wrapping());
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

    private String stored() {
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
        site.at("/target", (request, response) -> {
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
        assertThat(stored()).isEqualTo("n=2");
    }

    @Test
    void an_include_that_writes_first_lets_the_cookie_out_before() {
        site.at("/part", (request, response) -> response.getWriter().print("part"));

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            request.getRequestDispatcher("/part").include(request, response);
            response.getWriter().print(" whole");
        });

        assertThat(received.text()).isEqualTo("part whole");
        assertThat(stored()).isEqualTo("n=1");
    }

    @Test
    void a_session_that_is_created_within_an_include_gets_its_cookie() {
        site.at("/part", (request, response) -> {
            put(request, 1);
            response.getWriter().print("part");
        });

        Browser.Response received = site.show(
                browser,
                (request, response) -> request.getRequestDispatcher("/part").include(request, response));

        assertThat(received.text()).isEqualTo("part");
        assertThat(stored()).isEqualTo("n=1");
    }

    @Test
    void a_large_include_lets_the_cookie_out_before() {
        site.at("/part", (request, response) -> response.getWriter().print("x".repeat(300_000)));

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            request.getRequestDispatcher("/part").include(request, response);
        });

        assertThat(received.text()).hasSize(300_000);
        assertThat(received.setCookies()).hasSize(1);
        assertThat(stored()).isEqualTo("n=1");
    }

    // ---- asynchronous

    @Test
    void a_response_from_another_thread_waits_for_the_save() {
        for (boolean withArguments : new boolean[] {false, true}) {
            browser = site.browser();
            Browser.Response received = site.show(browser, (request, response) -> {
                AsyncContext context = withArguments ? request.startAsync(request, response) : request.startAsync();
                inAThread(() -> {
                    put(request, 1);
                    response.getWriter().print("from a thread");
                    put(request, 2);
                    context.complete();
                });
            });

            assertThat(received.text()).isEqualTo("from a thread");
            assertThat(stored()).isEqualTo("n=2");
        }
    }

    @Test
    void an_asynchronous_response_without_a_body_carries_the_cookie() {
        Browser.Response received = site.show(browser, (request, response) -> {
            AsyncContext context = request.startAsync();
            inAThread(() -> {
                put(request, 1);
                response.setStatus(204);
                context.complete();
            });
        });

        assertThat(received.status()).isEqualTo(204);
        assertThat(stored()).isEqualTo("n=1");
    }

    @Test
    void an_asynchronous_dispatch_continues_with_the_same_session() {
        AtomicReference<Object> first = new AtomicReference<>();
        site.at("/target", (request, response) -> {
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
                    inAThread(() -> context.dispatch("/target"));
                } else {
                    context.dispatch("/target");
                }
            });

            assertThat(received.text()).isEqualTo("dispatched");
            assertThat(received.setCookies()).hasSize(1);
            assertThat(stored()).isEqualTo("n=2");
        }
    }

    @Test
    void a_timeout_goes_to_the_error_page_which_sees_the_session() {
        site.at("/error", (request, response) -> {
            put(request, Sojourn.session(request).get("n", Integer.class) == null ? -1 : 2);
            response.getWriter().print("error page");
        });

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            request.startAsync().setTimeout(300);
        });

        assertThat(received.status()).isEqualTo(500);
        assertThat(received.text()).isEqualTo("error page");
        assertThat(stored()).isEqualTo("n=2");
    }

    @Test
    void a_listener_that_completes_after_a_timeout_has_the_session_saved() {
        Browser.Response received = site.show(browser, (request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(300);
            context.addListener(new Completing(() -> {
                put(request, 1);
                response.setStatus(202);
            }));
        });

        assertThat(received.status()).isEqualTo(202);
        assertThat(stored()).isEqualTo("n=1");
    }

    private record Completing(Runnable before) implements AsyncListener {
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
    void an_exception_in_an_asynchronous_dispatch_goes_to_the_error_page_and_what_was_set_is_saved() {
        site.at("/target", (request, response) -> {
            put(request, 2);
            throw new ServletException("wanted");
        });

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            request.startAsync().dispatch("/target");
        });

        assertThat(received.status()).isEqualTo(500);
        assertThat(received.text()).isEqualTo("error page");
        assertThat(stored()).isEqualTo("n=2");
    }

    @Test
    void a_session_exception_after_start_async_gets_its_response_at_once() {
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
    void send_error_saves_before_and_its_page_sees_what_was_set() {
        site.at("/error", (request, response) -> {
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
        assertThat(stored()).isEqualTo("n=2");
    }

    @Test
    void a_session_can_still_be_changed_after_send_error() {
        newSession();
        site.show(browser, (request, response) -> {
            response.sendError(404);
            put(request, 3);
        });

        assertThat(stored()).isEqualTo("n=3");
    }

    @Test
    void a_session_that_is_created_in_an_error_page_gets_its_cookie() {
        site.at("/error", (request, response) -> {
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
            assertThat(stored()).isEqualTo("n=1");
        }
    }

    @Test
    void the_error_page_after_an_exception_sees_the_session() {
        site.at(
                "/error",
                (request, response) -> response.getWriter()
                        .print("n=" + Sojourn.session(request).get("n", Integer.class)));

        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            throw new IllegalStateException("wanted");
        });

        assertThat(received.text()).isEqualTo("n=1");
        assertThat(stored()).isEqualTo("n=1");
    }

    @Test
    void without_an_error_page_send_error_keeps_the_cookie() throws Exception {
        try (Site bare = new Site(null)) {
            Browser visitor = bare.browser();
            Browser.Response received = bare.show(visitor, (request, response) -> {
                put(request, 1);
                response.sendError(404);
            });

            assertThat(received.status()).isEqualTo(404);
            assertThat(received.setCookies()).hasSize(1);
        }
    }

    /** Undertow drops all headers of a response that ended with an exception, unless it has a page for it. */
    @Test
    void without_an_error_page_an_exception_keeps_the_cookie_except_on_undertow() throws Exception {
        try (Site bare = new Site(null)) {
            Browser visitor = bare.browser();
            Browser.Response received = bare.show(visitor, (request, response) -> {
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
            assertThat(stored()).isEqualTo("n=1");
        }
    }

    @Test
    void a_session_created_after_the_first_byte_gets_its_cookie_while_the_container_holds_the_head() {
        Browser.Response received = site.show(browser, (request, response) -> {
            response.getWriter().print("first ");
            put(request, 1);
            response.getWriter().print("second");
        });

        assertThat(received.text()).isEqualTo("first second");
        assertThat(stored()).isEqualTo("n=1");
    }

    @Test
    void a_login_between_two_blocks_reaches_the_client_although_the_second_block_fills_the_buffer() {
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
        assertThat(stored()).isEqualTo("n=1");
    }

    @Test
    void writer_and_stream_are_each_the_same_and_exclude_each_other() {
        site.show(browser, (request, response) -> {
            assertThat(response.getWriter()).isSameAs(response.getWriter());
            assertThatThrownBy(response::getOutputStream).isInstanceOf(IllegalStateException.class);
            response.getWriter().printf("%s", "formatted");
            assertThat(response.getWriter().checkError()).isFalse();
        });
    }

    @Test
    void a_body_of_exactly_the_announced_length_comes_whole_with_what_was_set_before_and_after() {
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
        assertThat(stored()).isEqualTo("n=7");
    }

    @Test
    void head_gets_the_cookie_and_no_body() {
        site.at("/page", (request, response) -> {
            put(request, 1);
            response.setContentLength(5);
            response.getOutputStream().print("hello");
        });

        Browser.Response received = browser.send("HEAD", "/page");

        assertThat(received.text()).isEmpty();
        assertThat(received.setCookies()).hasSize(1);
        assertThat(stored()).isEqualTo("n=1");
    }

    @Test
    void a_write_listener_writes_without_blocking_and_the_session_is_saved_before() {
        Browser.Response received = site.show(browser, (request, response) -> {
            put(request, 1);
            AsyncContext context = request.startAsync();
            ServletOutputStream out = response.getOutputStream();
            out.setWriteListener(new Blocks(out, context));
        });

        assertThat(received.text()).hasSize(20 * 10_000);
        assertThat(received.setCookies()).hasSize(1);
        assertThat(stored()).isEqualTo("n=1");
    }

    private static final class Blocks implements WriteListener {
        private final ServletOutputStream out;
        private final AsyncContext context;
        private int left = 20;

        Blocks(ServletOutputStream out, AsyncContext context) {
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
            site.went(problem);
            context.complete();
        }
    }

    // ---- what it costs

    @Test
    void a_request_that_does_not_use_its_session_asks_the_store_nothing() {
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
    void a_page_that_sets_between_its_bytes_is_saved_at_most_twice() {
        newSession();
        site.show(browser, (request, response) -> {
            put(request, 1);
            for (int i = 0; i < 1000; i++) {
                response.getWriter().print("a line of this page\n");
                put(request, i);
            }
        });

        assertThat(site.store.calls()).containsExactly(Call.LOAD, Call.COMPARE_AND_SET, Call.COMPARE_AND_SET);
        assertThat(stored()).isEqualTo("n=999");
    }

    // ---- mounting

    @Test
    void without_a_filter_the_message_says_what_to_do() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (Container.Running running = Container.ofThisRun()
                .start(
                        context -> Container.servlet(
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
    void two_filters_in_one_chain_each_keep_their_own_session() throws Exception {
        Sessions outer = Sessions.create(c -> c.secret(Site.SECRET).cookie(k -> k.name("__Host-outer")));
        Site.Frame frame = new Site.Frame() {
            @Override
            public void before(ServletContext context, Sessions sessions) {
                Container.filter(context, "outer", new SojournFilter(outer));
                Container.filter(context, "between", (request, response, chain) -> {
                    Sojourn.session(request).update("visits", Integer.class, n -> n == null ? 1 : n + 1);
                    chain.doFilter(request, response);
                });
            }
        };
        try (Site two = new Site("/error", new dev.sojourn.SessionListener() {}, options -> {}, frame)) {
            Browser visitor = two.browser();
            Site.Page page = (request, response) -> {
                assertThat(Sojourn.session(request).has("visits")).isFalse();
                put(request, 1);
                response.getWriter().print("hello");
            };

            assertThat(two.show(visitor, page).setCookies()).hasSize(2);
            assertThat(two.show(visitor, page).setCookies()).isEmpty();
            two.check();
        }
    }

    // ---- threads

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void inAThread(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | RuntimeException | Error e) {
                        site.went(e);
                    }
                },
                "application");
        thread.setDaemon(true);
        thread.start();
    }
}
