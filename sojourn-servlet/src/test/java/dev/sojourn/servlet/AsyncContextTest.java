package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.SessionListener;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks the asynchronous context behind the filter (Jakarta Servlet, chapter 2.3.3.3 and the Javadoc of AsyncContext). */
class AsyncContextTest {
    private static Site site;
    private Browser browser;

    /** The container's request, as a filter before the Sojourn filter sees it. */
    private static final AtomicReference<HttpServletRequest> outer = new AtomicReference<>();

    @BeforeAll
    static void start() throws Exception {
        Site.Surroundings frame = new Site.Surroundings() {
            @Override
            public void before(ServletContext context, dev.sojourn.Sessions sessions) {
                Container.addFilter(context, "outer", (request, response, chain) -> {
                    outer.set((HttpServletRequest) request);
                    chain.doFilter(request, response);
                });
            }
        };
        site = new Site("/error", new SessionListener() {}, options -> {}, frame);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void openBrowser() {
        site.store.reset();
        browser = site.browser();
        site.setPage("/error", (request, response) -> response.getWriter().print("error page"));
    }

    @AfterEach
    void throwPageProblems() {
        site.throwProblem();
    }

    private void assertOk(Site.Page page) {
        Browser.Response received = site.show(browser, page);
        site.throwProblem();
        assertThat(received.status()).as(received.text()).isEqualTo(200);
    }

    @Test
    void get_async_context_returns_the_object_that_start_async_returned() {
        assertOk((request, response) -> {
            AsyncContext started = request.startAsync();
            assertThat(request.getAsyncContext()).isSameAs(started);
            assertThat(request.getAsyncContext()).isSameAs(started);
            started.complete();
        });
    }

    @Test
    void get_async_context_returns_it_after_a_start_with_arguments_and_through_a_wrapper_of_the_application() {
        assertOk((request, response) -> {
            HttpServletRequest wrapped = new HttpServletRequestWrapper(request);
            AsyncContext started = wrapped.startAsync(wrapped, response);
            assertThat(wrapped.getAsyncContext()).isSameAs(started);
            assertThat(request.getAsyncContext()).isSameAs(started);
            assertThat(started.getRequest()).isSameAs(wrapped);
            assertThat(started.getResponse()).isSameAs(response);
            started.complete();
        });
    }

    @Test
    void get_async_context_throws_before_start_async_like_the_container() {
        assertOk((request, response) ->
                assertThatThrownBy(request::getAsyncContext).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void each_cycle_has_a_separate_context_and_the_request_returns_the_latest() {
        List<String> seen = new CopyOnWriteArrayList<>();
        AtomicReference<AsyncContext> first = new AtomicReference<>();
        site.setPage("/second", (request, response) -> {
            assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.ASYNC);
            assertThat(request.isAsyncStarted()).isFalse();
            AsyncContext again = request.startAsync(request, new HttpServletResponseWrapper(response));
            assertThat(request.getAsyncContext()).isSameAs(again);
            assertThat(again.hasOriginalRequestAndResponse()).isFalse();
            seen.add("second");
            again.complete();
        });
        assertOk((request, response) -> {
            AsyncContext context = request.startAsync();
            first.set(context);
            seen.add("first");
            context.dispatch("/second");
        });
        assertThat(seen).containsExactly("first", "second");
    }

    @Test
    void a_start_without_arguments_uses_the_original_request_and_response() {
        assertOk((request, response) -> {
            AsyncContext started = request.startAsync();
            assertThat(started.hasOriginalRequestAndResponse()).isTrue();
            assertThat(started.getRequest()).isSameAs(request);
            assertThat(started.getResponse()).isSameAs(response);
            started.complete();
        });
    }

    @Test
    void a_start_without_arguments_through_a_wrapper_bypasses_the_wrapper() {
        assertOk((request, response) -> {
            AsyncContext started = new HttpServletRequestWrapper(request).startAsync();
            assertThat(started.hasOriginalRequestAndResponse()).isTrue();
            assertThat(started.getRequest()).isSameAs(request);
            started.complete();
        });
    }

    @Test
    void a_start_with_the_request_and_response_of_the_filter_uses_the_original_ones() {
        assertOk((request, response) -> {
            AsyncContext started = request.startAsync(request, response);
            assertThat(started.hasOriginalRequestAndResponse()).isTrue();
            started.complete();
        });
    }

    @Test
    void a_start_with_a_wrapper_of_the_application_does_not_use_the_original_ones() {
        assertOk((request, response) -> {
            AsyncContext started = request.startAsync(new HttpServletRequestWrapper(request), response);
            assertThat(started.hasOriginalRequestAndResponse()).isFalse();
            started.complete();
        });
        assertOk((request, response) -> {
            AsyncContext started = request.startAsync(request, new HttpServletResponseWrapper(response));
            assertThat(started.hasOriginalRequestAndResponse()).isFalse();
            started.complete();
        });
    }

    @Test
    void a_cycle_that_an_outer_filter_started_also_has_one_context() {
        assertOk((request, response) -> {
            HttpServletRequest containers = Objects.requireNonNull(outer.get());
            AsyncContext theirs = containers.startAsync();
            AsyncContext context = request.getAsyncContext();
            assertThat(request.getAsyncContext()).isSameAs(context);
            theirs.complete();
        });
    }

    @Test
    void the_events_of_a_listener_contain_the_same_context_the_request_and_the_response() throws Exception {
        CompletingListener recorder = new CompletingListener();
        AtomicReference<AsyncContext> context = new AtomicReference<>();
        AtomicReference<HttpServletRequest> originalRequest = new AtomicReference<>();
        AtomicReference<HttpServletResponse> originalResponse = new AtomicReference<>();
        assertOk((request, response) -> {
            AsyncContext started = request.startAsync();
            context.set(started);
            originalRequest.set(request);
            originalResponse.set(response);
            started.addListener(recorder, request, response);
            started.complete();
        });
        AsyncEvent completed = recorder.next();

        assertThat(completed.getAsyncContext()).isSameAs(context.get());
        assertThat(completed.getSuppliedRequest()).isSameAs(originalRequest.get());
        assertThat(completed.getSuppliedResponse()).isSameAs(originalResponse.get());
    }

    @Test
    void a_timeout_event_contains_the_same_context() throws Exception {
        CompletingListener recorder = new CompletingListener();
        AtomicReference<AsyncContext> context = new AtomicReference<>();
        assertOk((request, response) -> {
            AsyncContext started = request.startAsync();
            context.set(started);
            started.setTimeout(100);
            assertThat(started.getTimeout()).isEqualTo(100);
            started.addListener(recorder);
        });

        assertThat(recorder.next().getAsyncContext()).isSameAs(context.get());
    }

    @Test
    void a_dispatch_without_a_path_has_the_same_session() {
        AtomicReference<HttpSession> first = new AtomicReference<>();
        assertOk((request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                assertThat(request.getSession(false)).isSameAs(first.get());
                response.getWriter().print(request.getSession().getAttribute("n"));
                return;
            }
            request.getSession().setAttribute("n", 1);
            first.set(request.getSession());
            request.startAsync().dispatch();
        });
    }

    /** A listener that records events, and completes the cycle on a timeout or an error. */
    private static final class CompletingListener implements AsyncListener {
        private final java.util.concurrent.BlockingQueue<AsyncEvent> events =
                new java.util.concurrent.LinkedBlockingQueue<>();

        AsyncEvent next() throws InterruptedException {
            AsyncEvent event = events.poll(30, java.util.concurrent.TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            return event;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            events.add(event);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            events.add(event);
            event.getAsyncContext().complete();
        }

        @Override
        public void onError(AsyncEvent event) {
            events.add(event);
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
