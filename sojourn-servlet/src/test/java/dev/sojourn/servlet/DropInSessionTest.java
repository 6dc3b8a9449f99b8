package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sojourn.Session;
import dev.sojourn.SignIn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks {@code request.getSession()} and the related servlet API, which behave as in a container. */
class DropInSessionTest {
    private static final Queue<String> events = new ConcurrentLinkedQueue<>();
    private static Site site;
    private static Site serializing;
    private Browser browser;

    // ---- the application's types

    private enum Size {
        SMALL {
            @Override
            String label() {
                return "S";
            }
        },
        LARGE {
            @Override
            String label() {
                return "L";
            }
        };

        @SuppressWarnings("unused") // with a body, each constant has a separate class
        abstract String label();
    }

    private record Item(String name, BigDecimal price, Size size) {}

    private static final class Cart {
        private final List<Item> items = new ArrayList<>();
        private long changes;

        void add(Item item) {
            items.add(item);
            changes++;
        }
    }

    private record Unregistered(String name) {}

    /** A type that can be written, but not read back: nothing sets its field. */
    private static final class Lossy {
        @JsonProperty("text")
        String text() {
            return "lost";
        }
    }

    private static final class BoundValue implements HttpSessionBindingListener {
        private String name = "";

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            events.add("bound " + event.getName() + " " + name);
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            events.add("unbound " + event.getName() + " " + name);
        }

        static BoundValue of(String name) {
            BoundValue bound = new BoundValue();
            bound.name = name;
            return bound;
        }
    }

    private static final class Recorder
            implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
        private final String name;

        Recorder(String name) {
            this.name = name;
        }

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            events.add(name + " created");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            events.add(name + " destroyed " + event.getSession().getAttribute("n"));
        }

        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            events.add(name + " added " + event.getName() + "=" + event.getValue());
        }

        @Override
        public void attributeReplaced(HttpSessionBindingEvent event) {
            events.add(name + " replaced " + event.getName() + " was " + event.getValue());
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            events.add(name + " removed " + event.getName() + " was " + event.getValue());
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String former) {
            events.add(name + " id changed " + !former.equals(event.getSession().getId()));
        }
    }

    static final class Allowed implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        private String text = "";
    }

    /** A class that an attacker would want to be deserialized. */
    static final class Gadget implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        static final AtomicInteger RUNS = new AtomicInteger();

        @Serial
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            RUNS.incrementAndGet();
            in.defaultReadObject();
        }
    }

    // ---- set-up

    /** How and when the user signed in; null if it is not known. */
    private static volatile @Nullable SignIn signIn;

    @BeforeAll
    static void start() throws Exception {
        site = new Site(
                "/error",
                new ExpiryEvents(new Recorder("expiry")),
                options -> options.attributes(
                                AttributeFormat.json(Cart.class, Lossy.class, Item.class, Size.class, BoundValue.class))
                        .listeners(new Recorder("first"), new Recorder("second"))
                        .subjectOf(session -> (String) session.getAttribute("principal"))
                        .signInOf(session -> signIn),
                new Site.Surroundings() {});
        serializing = new Site(
                "/error",
                new dev.sojourn.SessionListener() {},
                options -> options.attributes(AttributeFormat.filteredJavaSerialization(Allowed.class.getName())),
                new Site.Surroundings() {});
    }

    @AfterAll
    static void stop() {
        site.close();
        serializing.close();
    }

    @BeforeEach
    void reset() {
        signIn = null;
        site.sessions.of("alice").endAll();
        site.store.reset();
        events.clear();
        browser = site.browser();
    }

    @AfterEach
    void throwPageProblems() {
        site.throwProblem();
        serializing.throwProblem();
    }

    @FunctionalInterface
    private interface Work {
        Object of(HttpServletRequest request) throws IOException;
    }

    /** Runs some work within a request and returns its result as text. */
    private static String inRequest(Site where, Browser browser, Work work) {
        Browser.Response received =
                where.show(browser, (request, response) -> response.getWriter().print(work.of(request)));
        where.throwProblem();
        assertThat(received.status()).isEqualTo(200);
        return received.text();
    }

    private String inRequest(Work work) {
        return inRequest(site, browser, work);
    }

    private void set(String name, Object value) {
        inRequest(request -> {
            request.getSession().setAttribute(name, value);
            return "";
        });
    }

    // ---- start and end

    @Test
    void an_empty_session_is_stored_and_its_cookie_sent() {
        assertThat(inRequest(request -> request.getSession(false))).isEqualTo("null");
        assertThat(browser.cookie()).isNull();

        assertThat(inRequest(request -> request.getSession().isNew())).isEqualTo("true");
        assertThat(browser.cookie()).isNotNull();

        assertThat(inRequest(request -> request.getSession(false).isNew())).isEqualTo("false");
        assertThat(inRequest(request -> request.getSession(true).isNew())).isEqualTo("false");
    }

    @Test
    void get_session_returns_the_same_object_for_the_whole_request() {
        inRequest(request -> {
            HttpSession session = request.getSession();
            assertThat(request.getSession()).isSameAs(session);
            assertThat(request.getSession(false)).isSameAs(session);
            return "";
        });
    }

    @Test
    void get_id_is_a_public_id_that_changes_with_the_id_and_does_not_open_the_session() {
        String first = inRequest(request -> request.getSession().getId());
        String cookie = browser.cookie();
        assertThat(cookie).doesNotContain(first);
        assertThat(inRequest(request -> request.getSession().getId())).isEqualTo(first);

        String second = inRequest(request -> {
            String changed = request.changeSessionId();
            assertThat(request.getSession().getId()).isEqualTo(changed);
            return changed;
        });

        assertThat(second).isNotEqualTo(first);
        assertThat(browser.cookie()).isNotEqualTo(cookie).doesNotContain(second);
        assertThat(inRequest(request -> request.getSession().getId())).isEqualTo(second);
        Browser forger = site.browser();
        forger.setCookie("__Host-id", second);
        assertThat(inRequest(site, forger, request -> request.getSession(false)))
                .isEqualTo("null");
    }

    @Test
    void change_session_id_without_a_session_is_rejected() {
        inRequest(request -> {
            assertThatThrownBy(request::changeSessionId).isInstanceOf(IllegalStateException.class);
            return "";
        });
    }

    @Test
    void a_new_empty_session_can_start_after_invalidate() {
        set("n", 1);
        String cookie = browser.cookie();
        Browser other = browser.copy();

        inRequest(request -> {
            HttpSession old = request.getSession();
            String id = old.getId();
            old.invalidate();
            assertThat(old.getId()).isEqualTo(id);
            assertThat(request.getSession(false)).isNull();
            assertThatThrownBy(() -> old.getAttribute("n")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> old.setAttribute("n", 2)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(old::isNew).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(old::invalidate).isInstanceOf(IllegalStateException.class);
            HttpSession next = request.getSession(true);
            assertThat(next).isNotSameAs(old);
            assertThat(next.isNew()).isTrue();
            assertThat(next.getAttribute("n")).isNull();
            next.setAttribute("m", 2);
            return "";
        });

        assertThat(browser.cookie()).isNotNull().isNotEqualTo(cookie);
        assertThat(inRequest(request -> request.getSession().getAttribute("m"))).isEqualTo("2");
        assertThat(inRequest(site, other, request -> request.getSession(false))).isEqualTo("null");
    }

    @Test
    void invalidate_clears_the_cookie() {
        set("n", 1);
        inRequest(request -> {
            request.getSession().invalidate();
            return "";
        });
        assertThat(browser.cookie()).isNull();
    }

    @Test
    void the_requested_session_id_is_present_for_a_live_or_ended_session_but_not_for_a_forged_cookie() {
        Work requestedSession =
                request -> (request.getRequestedSessionId() != null) + " " + request.isRequestedSessionIdValid() + " "
                        + request.isRequestedSessionIdFromCookie() + " " + request.isRequestedSessionIdFromURL();
        assertThat(inRequest(requestedSession)).isEqualTo("false false false false");

        String id = inRequest(request -> request.getSession().getId());
        assertThat(inRequest(requestedSession)).isEqualTo("true true true false");
        assertThat(inRequest(HttpServletRequest::getRequestedSessionId)).isEqualTo(id);
        assertThat(inRequest(request -> {
                    request.changeSessionId();
                    return request.isRequestedSessionIdValid();
                }))
                .isEqualTo("true");

        Browser late = browser.copy();
        inRequest(request -> {
            request.getSession().invalidate();
            return "";
        });
        assertThat(inRequest(site, late, requestedSession)).isEqualTo("true false true false");
        assertThat(inRequest(site, late, request -> {
                    request.getSession();
                    return request.isRequestedSessionIdValid();
                }))
                .isEqualTo("false");

        Browser forger = site.browser();
        forger.setCookie("__Host-id", "forged.forged");
        assertThat(inRequest(site, forger, requestedSession)).isEqualTo("false false false false");
    }

    @Test
    void a_session_can_start_until_the_container_sends_the_head() {
        Browser.Response late = site.show(browser, (request, response) -> {
            response.getWriter().print("hello");
            response.flushBuffer();
            assertThatThrownBy(() -> request.getSession(true)).isInstanceOf(IllegalStateException.class);
        });
        assertThat(late.setCookies()).isEmpty();

        Browser.Response buffered = site.show(browser, (request, response) -> {
            response.getWriter().print("hello");
            request.getSession(true).setAttribute("n", 1);
        });
        assertThat(buffered.setCookies()).hasSize(1);
        assertThat(inRequest(request -> request.getSession(false).getAttribute("n")))
                .isEqualTo("1");
    }

    // ---- times

    @Test
    void creation_and_last_access_are_in_milliseconds() {
        long created = Long.parseLong(inRequest(request -> request.getSession().getCreationTime()));
        assertThat(created).isEqualTo(site.clock.instant().toEpochMilli());

        site.clock.advance(Duration.ofMinutes(5));
        assertThat(inRequest(request -> request.getSession().getCreationTime())).isEqualTo(Long.toString(created));
        site.clock.advance(Duration.ofMinutes(5));
        String last = inRequest(request -> request.getSession().getLastAccessedTime());
        assertThat(Long.parseLong(last) - created)
                .isEqualTo(Duration.ofMinutes(5).toMillis());
    }

    @Test
    void each_session_has_an_inactive_interval_and_zero_or_less_means_none() {
        assertThat(inRequest(request -> request.getSession().getMaxInactiveInterval()))
                .isEqualTo("1800");
        for (int[] each : new int[][] {{60, 60}, {0, 0}, {-1, 0}, {Integer.MAX_VALUE, 315_360_000}}) {
            assertThat(inRequest(request -> {
                        request.getSession().setMaxInactiveInterval(each[0]);
                        return request.getSession().getMaxInactiveInterval();
                    }))
                    .isEqualTo(Integer.toString(each[1]));
            assertThat(inRequest(request -> request.getSession().getMaxInactiveInterval()))
                    .isEqualTo(Integer.toString(each[1]));
        }
    }

    @Test
    void a_session_expires_after_its_inactive_interval() {
        inRequest(request -> {
            request.getSession().setMaxInactiveInterval(60);
            return "";
        });
        site.clock.advance(Duration.ofSeconds(61));
        assertThat(inRequest(request -> request.getSession(false))).isEqualTo("null");
    }

    // ---- attributes

    @Test
    void a_value_is_the_same_instance_within_a_request_and_a_copy_in_other_requests() {
        Cart cart = new Cart();
        inRequest(request -> {
            request.getSession().setAttribute("cart", cart);
            assertThat(request.getSession().getAttribute("cart")).isSameAs(cart);
            return "";
        });
        inRequest(request -> {
            Object first = request.getSession().getAttribute("cart");
            assertThat(first).isInstanceOf(Cart.class).isNotSameAs(cart);
            assertThat(request.getSession().getAttribute("cart")).isSameAs(first);
            return "";
        });
    }

    @Test
    void a_change_inside_a_value_is_detected_and_reading_alone_saves_nothing() {
        set("cart", new Cart());
        inRequest(request -> {
            ((Cart) request.getSession().getAttribute("cart")).add(new Item("tea", new BigDecimal("1.50"), Size.LARGE));
            return "";
        });
        site.store.reset();
        assertThat(inRequest(request -> {
                    Cart cart = (Cart) request.getSession().getAttribute("cart");
                    return cart.items + " " + cart.changes;
                }))
                .isEqualTo("[Item[name=tea, price=1.50, size=LARGE]] 1");
        assertThat(site.store.calls()).containsExactly(dev.sojourn.testing.FaultyStore.Call.LOAD);
    }

    @Test
    void values_are_read_back_unchanged() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("text", "käse");
        values.put("int", 1);
        values.put("long", 1L);
        values.put("short", (short) 1);
        values.put("double", 1.5);
        values.put("whole double", 2.0);
        values.put("not a number", Double.NaN);
        values.put("float", 1.5f);
        values.put("char", 'x');
        values.put("flag", true);
        values.put("decimal", new BigDecimal("1.500000000000000000000000000001"));
        values.put("instant", Instant.parse("2026-11-25T10:00:00.123456789Z"));
        values.put("duration", Duration.ofMillis(1));
        values.put("enum", Size.SMALL);
        values.put("record", new Item("tea", new BigDecimal("1.50"), Size.LARGE));
        values.put("list", List.of(1L, "a", new Item("tea", BigDecimal.ONE, Size.SMALL)));
        values.put("set", Set.of(Size.SMALL));
        values.put("map", Map.of("n", 1L));
        values.put("longs", new long[] {1, 2});
        values.put("texts", new String[] {"a", "b"});
        values.put("bytes", new byte[] {1, 2});
        values.put("uuid", java.util.UUID.fromString("6a5f1a53-3b5c-4d71-9d0c-0b7a6d9f4a11"));
        values.put("locale", java.util.Locale.GERMANY);
        values.put("nested", List.of(Map.of("a", List.of(1L, 2L))));

        values.forEach(this::set);
        inRequest(request -> {
            HttpSession session = request.getSession();
            assertThat(Collections.list(session.getAttributeNames()))
                    .containsExactlyInAnyOrderElementsOf(values.keySet());
            values.forEach((name, value) -> {
                Object found = session.getAttribute(name);
                assertThat(found).as(name).isEqualTo(value);
                if (!(value instanceof java.util.Collection || value instanceof Map)) {
                    assertThat(found.getClass()).as(name).isEqualTo(value.getClass());
                }
            });
            return "";
        });
    }

    /** Calls the methods like an application that was compiled with Servlet 5.0. */
    @Test
    void the_deprecated_methods_have_the_same_effect() {
        inRequest(request -> {
            DropInSession session = (DropInSession) request.getSession();
            session.putValue("n", 1);
            assertThat(session.getValue("n")).isEqualTo(1);
            assertThat(session.getValueNames()).containsExactly("n");
            session.removeValue("n");
            assertThat(session.getAttribute("n")).isNull();
            return "";
        });
    }

    @Test
    void setting_null_removes_the_attribute() {
        set("n", 1);
        inRequest(request -> {
            request.getSession().setAttribute("n", null);
            assertThat(request.getSession().getAttribute("n")).isNull();
            return "";
        });
        assertThat(inRequest(request -> request.getSession().getAttribute("n"))).isEqualTo("null");
    }

    @Test
    void an_unregistered_type_is_rejected_with_advice_even_inside_other_values() {
        inRequest(request -> {
            for (Object each : new Object[] {new Unregistered("x"), List.of(new Unregistered("x"))}) {
                assertThatThrownBy(() -> request.getSession().setAttribute("x", each))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("attribute 'x'")
                        .hasMessageContaining("AttributeFormat.json(Unregistered.class, …)");
            }
            assertThat(request.getSession().getAttribute("x")).isNull();
            return "";
        });
    }

    @Test
    void a_type_that_cannot_be_read_back_completely_is_rejected_when_set() {
        inRequest(request -> {
            for (Object each : new Object[] {new Lossy(), List.of(1), List.of(new Lossy())}) {
                if (each.equals(List.of(1))) {
                    request.getSession().setAttribute("x", each);
                    continue;
                }
                assertThatThrownBy(() -> request.getSession().setAttribute("x", each))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("read back");
            }
            return "";
        });
    }

    @Test
    void an_unreadable_value_reads_as_absent_and_stays_stored_for_nodes_that_can_read_it() {
        SojournFilter older = new SojournFilter(site.sessions);
        set("later", new Item("tea", BigDecimal.ONE, Size.SMALL));
        site.show(
                browser,
                (request, response) ->
                        older.doFilter(withoutSojournFilter(request), response, (innerRequest, innerResponse) -> {
                            HttpSession session = ((HttpServletRequest) innerRequest).getSession();
                            assertThat(session.getAttribute("later")).isNull();
                            session.setAttribute("n", 1);
                        }));
        assertThat(inRequest(request -> request.getSession().getAttribute("later") + " "
                        + request.getSession().getAttribute("n")))
                .isEqualTo("Item[name=tea, price=1, size=SMALL] 1");
    }

    /** Returns the request as a node with only another filter sees it. */
    private static HttpServletRequest withoutSojournFilter(HttpServletRequest request) {
        return (HttpServletRequest) ((jakarta.servlet.ServletRequestWrapper) request).getRequest();
    }

    @Test
    void plain_values_are_visible_in_both_apis() {
        set("name", "John");
        assertThat(inRequest(request -> String.valueOf(Sojourn.session(request).get("name", String.class))))
                .isEqualTo("John");
        inRequest(request -> {
            Sojourn.session(request).set("n", 5);
            return "";
        });
        assertThat(inRequest(request -> request.getSession().getAttribute("n"))).isEqualTo("5");
        assertThat(inRequest(request -> Sojourn.session(request.getSession()) == Sojourn.session(request)))
                .isEqualTo("true");
    }

    @Test
    void two_concurrent_requests_that_set_different_attributes_keep_both() throws Exception {
        set("n", 1);
        Browser other = browser.copy();
        CountDownLatch bothLoaded = new CountDownLatch(2);
        for (String name : List.of("a", "b")) {
            site.setPage("/" + name, (request, response) -> {
                HttpSession session = request.getSession();
                session.getAttribute("n");
                bothLoaded.countDown();
                try {
                    assertThat(bothLoaded.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                session.setAttribute(name, name);
            });
        }
        Thread second = new Thread(() -> other.get("/b"));
        second.start();
        browser.get("/a");
        second.join();

        assertThat(inRequest(request -> "" + request.getSession().getAttribute("a")
                        + request.getSession().getAttribute("b")))
                .isEqualTo("ab");
    }

    // ---- users

    @Test
    void a_login_through_the_native_session_changes_the_id_and_keeps_the_attributes() {
        set("n", 1);
        events.clear();
        String before = inRequest(request -> request.getSession().getId());
        inRequest(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("m", 2);
            Sojourn.session(request).login("alice");
            return "";
        });

        assertThat(inRequest(request -> request.getSession().getId())).isNotEqualTo(before);
        assertThat(inRequest(request -> String.valueOf(Sojourn.session(request).subject())))
                .isEqualTo("alice");
        assertThat(inRequest(request -> "" + request.getSession().getAttribute("n")
                        + request.getSession().getAttribute("m")))
                .isEqualTo("12");
        assertThat(events).contains("first id changed true");
    }

    @Test
    void the_user_named_by_an_attribute_is_signed_in_and_all_their_sessions_can_be_ended() {
        set("n", 1);
        String before = browser.cookie();
        set("principal", "alice");
        assertThat(browser.cookie()).isNotEqualTo(before);
        assertThat(inRequest(request -> Sojourn.session(request).subject()
                        + request.getSession().getAttribute("n")))
                .isEqualTo("alice1");
        assertThat(site.sessions.of("alice").list()).hasSize(1);

        set("principal", "bob");
        assertThat(inRequest(request -> Sojourn.session(request).subject()
                        + request.getSession().getAttribute("n")))
                .isEqualTo("bob1");
        assertThat(site.sessions.of("alice").list()).isEmpty();

        site.sessions.of("bob").endAll();
        assertThat(inRequest(request -> request.getSession(false))).isEqualTo("null");
    }

    @Test
    void the_user_named_by_an_attribute_is_the_subject_in_the_same_request() {
        assertThat(inRequest(request -> {
                    request.getSession().setAttribute("principal", "alice");
                    return Sojourn.session(request).subject()
                            + Sojourn.session(request.getSession()).subject();
                }))
                .isEqualTo("alicealice");
        assertThat(site.sessions.of("alice").list()).hasSize(1);
        site.store.reset();

        assertThat(inRequest(request -> {
                    HttpSession session = request.getSession();
                    session.invalidate();
                    return String.valueOf(Sojourn.session(request).subject());
                }))
                .as("an invalidated session has no subject")
                .isEqualTo("null");
        assertThat(site.sessions.of("alice").list()).isEmpty();
    }

    @Test
    void a_user_who_signs_in_again_is_recognized_by_the_time_in_a_request_that_changes_the_id() {
        Instant first = Instant.now().minusSeconds(3_600).truncatedTo(ChronoUnit.MILLIS);
        signIn = SignIn.by("pwd").at(first);
        set("principal", "alice");
        assertThat(inRequest(request -> String.valueOf(Sojourn.session(request).signIn())))
                .isEqualTo(signIn.toString());

        signIn = SignIn.by("otp").at(first.plusSeconds(1_800));
        assertThat(inRequest(request -> String.valueOf(Sojourn.session(request).signIn())))
                .as("without a new id")
                .isEqualTo(SignIn.by("pwd").at(first).toString());
        signIn = SignIn.by("otp").at(first.plusSeconds(60));
        assertThat(inRequest(request -> {
                    request.changeSessionId();
                    return String.valueOf(Sojourn.session(request).signIn());
                }))
                .as("the same sign-in by two clocks")
                .isEqualTo(SignIn.by("pwd").at(first).toString());
        signIn = SignIn.by("otp").at(first.plusSeconds(1_800));
        assertThat(inRequest(request -> {
                    request.changeSessionId();
                    request.getSession().setAttribute("n", 1);
                    return String.valueOf(Sojourn.session(request).signIn());
                }))
                .isEqualTo(signIn.toString());
        assertThat(inRequest(request -> Sojourn.session(request).signIn() + " "
                        + request.getSession().getAttribute("n")))
                .isEqualTo(signIn + " 1");
        assertThat(site.sessions.of("alice").list()).hasSize(1);
    }

    // ---- listeners

    @Test
    void listeners_are_called_in_the_order_of_the_specification() {
        inRequest(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("n", 1);
            session.setAttribute("n", 2);
            session.removeAttribute("n");
            session.removeAttribute("n");
            return "";
        });
        inRequest(HttpServletRequest::changeSessionId);
        assertThat(events)
                .containsExactly(
                        "first created",
                        "second created",
                        "first added n=1",
                        "second added n=1",
                        "first replaced n was 1",
                        "second replaced n was 1",
                        "first removed n was 2",
                        "second removed n was 2",
                        "first id changed true",
                        "second id changed true");
    }

    @Test
    void listeners_are_notified_of_the_end_in_reverse_order_while_attributes_are_readable() {
        set("n", 1);
        events.clear();
        inRequest(request -> {
            request.getSession().invalidate();
            return "";
        });
        assertThat(events)
                .containsExactly(
                        "second destroyed 1", "first destroyed 1", "first removed n was 1", "second removed n was 1");
    }

    @Test
    void values_are_notified_when_bound_replaced_and_unbound() {
        inRequest(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("b", BoundValue.of("one"));
            session.setAttribute("b", session.getAttribute("b"));
            session.setAttribute("b", BoundValue.of("two"));
            return "";
        });
        inRequest(request -> {
            request.getSession().invalidate();
            return "";
        });
        assertThat(events.stream().filter(each -> each.contains("bound b")))
                .containsExactly("bound b one", "bound b two", "unbound b one", "unbound b two");
    }

    /** Events of a request may come after its response has arrived. */
    private static void awaitFirstEvent() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (events.isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void an_expired_session_is_reported_by_a_late_request_and_by_a_sweep() {
        set("n", 1);
        site.clock.advance(Duration.ofHours(1));
        events.clear();
        inRequest(request -> request.getSession(false));
        awaitFirstEvent();
        assertThat(events).containsExactly("expiry destroyed null");

        browser = site.browser();
        set("n", 1);
        site.clock.advance(Duration.ofHours(1));
        events.clear();
        site.sessions.sweep(100);
        assertThat(events).contains("expiry destroyed null");
    }

    @Test
    void a_listener_without_a_session_interface_is_rejected() {
        assertThatThrownBy(() -> SojournFilter.builder(site.sessions).listeners(new java.util.EventListener() {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- Java serialization

    @Test
    void serialized_values_are_read_back_and_are_plain_json_if_that_is_enough() {
        Browser client = serializing.browser();
        inRequest(serializing, client, request -> {
            Allowed value = new Allowed();
            value.text = "hello";
            request.getSession().setAttribute("allowed", value);
            request.getSession().setAttribute("list", new ArrayList<>(List.of(1L, value)));
            request.getSession().setAttribute("name", "John");
            return "";
        });
        assertThat(inRequest(serializing, client, request -> {
                    Allowed value = (Allowed) request.getSession().getAttribute("allowed");
                    List<?> list = (List<?>) request.getSession().getAttribute("list");
                    return value.text + list.get(0).getClass().getSimpleName() + list.size();
                }))
                .isEqualTo("helloLong2");
        assertThat(inRequest(
                        serializing,
                        client,
                        request -> String.valueOf(Sojourn.session(request).get("name", String.class))))
                .isEqualTo("John");
    }

    @Test
    void setting_a_class_outside_the_patterns_is_rejected() {
        Gadget.RUNS.set(0);
        inRequest(serializing, serializing.browser(), request -> {
            assertThatThrownBy(() -> request.getSession().setAttribute("g", new Gadget()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("contains a " + Gadget.class.getName()
                            + ", which no pattern of filteredJavaSerialization allows")
                    .hasMessageContaining("sojourn.attributes.filtered-java-serialization");
            assertThatThrownBy(() -> request.getSession().setAttribute("o", new Object()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("java.lang.Object is not Serializable");
            return "";
        });
        assertThat(Gadget.RUNS).hasValue(0);
    }

    @Test
    void patterns_that_allow_everything_or_nothing_are_rejected() {
        for (String each : new String[] {"*", "**", " ", "com.acme.*;*", " * "}) {
            assertThatThrownBy(() -> AttributeFormat.filteredJavaSerialization(each))
                    .as(each)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(AttributeFormat::filteredJavaSerialization).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void two_types_with_the_same_name_are_rejected() {
        assertThatThrownBy(() -> AttributeFormat.json(java.util.Timer.class, javax.swing.Timer.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same name");
    }

    // ---- after the request

    @Test
    void the_session_of_a_finished_request_throws() {
        AtomicReference<HttpSession> kept = new AtomicReference<>();
        String id = inRequest(request -> {
            kept.set(request.getSession());
            return request.getSession().getId();
        });
        assertThat(Objects.requireNonNull(kept.get()).getId()).isEqualTo(id);
        // The response arrives before the container has finished the request.
        Session session = Sojourn.session(kept.get());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end) {
            try {
                session.has("n");
                Thread.onSpinWait();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("ended");
                assertThat(Objects.requireNonNull(kept.get()).getId()).isEqualTo(id);
                return;
            }
        }
        throw new AssertionError("a session was used after its request");
    }
}
