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

/** The asynchronous context behind the filter (Jakarta Servlet, chapter 2.3.3.3 and the Javadoc of AsyncContext). */
class AsyncContextTest {
    private static Site site;
    private Browser browser;

    /** The container's request, as a filter in front of ours sees it. */
    private static final AtomicReference<HttpServletRequest> outer = new AtomicReference<>();

    @BeforeAll
    static void start() throws Exception {
        Site.Frame frame = new Site.Frame() {
            @Override
            public void before(ServletContext context, dev.sojourn.Sessions sessions) {
                Container.filter(context, "outer", (request, response, chain) -> {
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
    void beginAnew() {
        site.store.reset();
        browser = site.browser();
        site.at("/error", (request, response) -> response.getWriter().print("error page"));
    }

    @AfterEach
    void nothingWentWrongInAPage() {
        site.check();
    }

    private void ok(Site.Page page) {
        Browser.Response received = site.show(browser, page);
        site.check();
        assertThat(received.status()).as(received.text()).isEqualTo(200);
    }

    @Test
    void get_async_context_returns_the_object_that_start_async_returned() {
        ok((request, response) -> {
            AsyncContext started = request.startAsync();
            assertThat(request.getAsyncContext()).isSameAs(started);
            assertThat(request.getAsyncContext()).isSameAs(started);
            started.complete();
        });
    }

    @Test
    void it_does_so_after_a_start_with_arguments_and_through_the_applications_own_wrapper() {
        ok((request, response) -> {
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
    void without_a_started_cycle_it_is_rejected_as_the_container_does() {
        ok((request, response) ->
                assertThatThrownBy(request::getAsyncContext).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void each_cycle_has_its_own_context_and_the_request_returns_the_latest() {
        List<String> seen = new CopyOnWriteArrayList<>();
        AtomicReference<AsyncContext> first = new AtomicReference<>();
        site.at("/second", (request, response) -> {
            assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.ASYNC);
            assertThat(request.isAsyncStarted()).isFalse();
            AsyncContext again = request.startAsync(request, new HttpServletResponseWrapper(response));
            assertThat(request.getAsyncContext()).isSameAs(again);
            assertThat(again.hasOriginalRequestAndResponse()).isFalse();
            seen.add("second");
            again.complete();
        });
        ok((request, response) -> {
            AsyncContext context = request.startAsync();
            first.set(context);
            seen.add("first");
            context.dispatch("/second");
        });
        assertThat(seen).containsExactly("first", "second");
    }

    @Test
    void after_a_start_without_arguments_request_and_response_are_the_original_ones() {
        ok((request, response) -> {
            AsyncContext started = request.startAsync();
            assertThat(started.hasOriginalRequestAndResponse()).isTrue();
            assertThat(started.getRequest()).isSameAs(request);
            assertThat(started.getResponse()).isSameAs(response);
            started.complete();
        });
    }

    @Test
    void a_start_without_arguments_through_a_wrapper_leaves_the_wrapper_behind() {
        ok((request, response) -> {
            AsyncContext started = new HttpServletRequestWrapper(request).startAsync();
            assertThat(started.hasOriginalRequestAndResponse()).isTrue();
            assertThat(started.getRequest()).isSameAs(request);
            started.complete();
        });
    }

    @Test
    void a_start_with_the_filters_request_and_response_has_the_original_ones() {
        ok((request, response) -> {
            AsyncContext started = request.startAsync(request, response);
            assertThat(started.hasOriginalRequestAndResponse()).isTrue();
            started.complete();
        });
    }

    @Test
    void a_start_with_a_wrapper_of_the_application_has_not() {
        ok((request, response) -> {
            AsyncContext started = request.startAsync(new HttpServletRequestWrapper(request), response);
            assertThat(started.hasOriginalRequestAndResponse()).isFalse();
            started.complete();
        });
        ok((request, response) -> {
            AsyncContext started = request.startAsync(request, new HttpServletResponseWrapper(response));
            assertThat(started.hasOriginalRequestAndResponse()).isFalse();
            started.complete();
        });
    }

    @Test
    void a_cycle_that_an_outer_filter_started_has_one_context_too() {
        ok((request, response) -> {
            HttpServletRequest containers = Objects.requireNonNull(outer.get());
            AsyncContext theirs = containers.startAsync();
            AsyncContext ours = request.getAsyncContext();
            assertThat(request.getAsyncContext()).isSameAs(ours);
            theirs.complete();
        });
    }

    @Test
    void the_events_of_a_listener_lead_to_the_same_context_and_carry_the_request_and_the_response() throws Exception {
        Recorder recorder = new Recorder();
        AtomicReference<AsyncContext> context = new AtomicReference<>();
        AtomicReference<HttpServletRequest> asked = new AtomicReference<>();
        AtomicReference<HttpServletResponse> answered = new AtomicReference<>();
        ok((request, response) -> {
            AsyncContext started = request.startAsync();
            context.set(started);
            asked.set(request);
            answered.set(response);
            started.addListener(recorder, request, response);
            started.complete();
        });
        AsyncEvent completed = recorder.next();

        assertThat(completed.getAsyncContext()).isSameAs(context.get());
        assertThat(completed.getSuppliedRequest()).isSameAs(asked.get());
        assertThat(completed.getSuppliedResponse()).isSameAs(answered.get());
    }

    @Test
    void a_timeout_leads_its_listener_to_the_same_context() throws Exception {
        Recorder recorder = new Recorder();
        AtomicReference<AsyncContext> context = new AtomicReference<>();
        ok((request, response) -> {
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
        ok((request, response) -> {
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

    /** Completes the cycle if nothing else does, and keeps the first event. */
    private static final class Recorder implements AsyncListener {
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
