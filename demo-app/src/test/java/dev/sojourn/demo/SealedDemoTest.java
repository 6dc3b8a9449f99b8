package dev.sojourn.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.demo.servers.Adapter;
import dev.sojourn.demo.store.DemoStore;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the demo with sealed sessions over HTTP on every server. Each server starts once; each test has its own client. */
@ParameterizedClass
@MethodSource("dev.sojourn.demo.servers.AllAdapters#all")
final class SealedDemoTest {
    private static final String SECRET = "a9S/Jm0V3wqT5xRf2LkYb7cN8dHe1gUo4iPzQvXtM6s=";
    private static final String COOKIE = "__Host-id";

    private static final SettableClock CLOCK = new SettableClock();

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static MemoryStore revocations;

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static DemoServer server;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before each class of tests
    private Adapter adapter;

    private final DemoClient client = new DemoClient(server);

    @BeforeParameterizedClassInvocation
    static void start(Adapter adapter) throws IOException {
        revocations = MemoryStore.builder().clock(CLOCK).build();
        server = startServer(adapter);
    }

    private static DemoServer startServer(Adapter adapter) throws IOException {
        return DemoServer.start(adapter, 0, SECRET, CLOCK, DemoStore.sealed(revocations));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
    }

    @Test
    void viewing_pages_creates_no_session() {
        for (String path : new String[] {
            "/attributes", "/account", "/devices", "/identity", "/cookie", "/tokens", "/cost", "/journal"
        }) {
            assertThat(client.get(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(client.cookies).doesNotContainKey(COOKIE);
    }

    @Test
    void pages_use_the_session_in_the_cookie() {
        assertThat(client.get("/").body()).contains(">once<", "needs a store");
        assertThat(client.get("/").body()).contains(">2 times<");
        assertThat(client.submit("/attributes/set", "name", "colour", "value", "blue")
                        .body())
                .contains("Saved.", "value=\"blue\"");
        assertThat(client.submit("/attributes/remove", "name", "colour").body()).contains("Removed.");
        assertThat(client.submit("/identity/regenerate").body()).contains("new, empty session");
        assertThat(client.submit("/identity/destroy").body()).contains("You have no session.");
        assertThat(client.cookies).doesNotContainKey(COOKIE);
    }

    @Test
    void no_request_calls_a_store_for_its_session() {
        client.get("/");
        for (String what : new String[] {"untouched", "read", "write"}) {
            client.post("/cost/" + what);
            assertThat(client.entries().get(0)).startsWith("POST /cost/" + what + " → 303 · 0 store calls");
        }
    }

    @Test
    void another_node_with_the_same_secret_continues_the_session() throws IOException {
        client.submit("/account/sign-in", "name", "Ada");
        try (DemoServer other = startServer(adapter)) {
            DemoClient elsewhere = new DemoClient(other);
            elsewhere.cookies.putAll(client.cookies);
            assertThat(elsewhere.get("/account").body()).contains("Signed in as Ada");

            elsewhere.submit("/account/sign-out");
            CLOCK.advance(Duration.ofSeconds(2));
            assertThat(client.get("/account").body()).contains("You are not signed in.");
        }
    }

    @Test
    void a_copy_of_the_cookie_is_worthless_after_signing_out() {
        client.submit("/account/sign-in", "name", "Ada");
        String copy = client.cookies.get(COOKIE);
        assertThat(client.submit("/account/sign-out").body()).contains("You are not signed in.");
        client.cookies.put(COOKIE, copy);
        assertThat(client.get("/account").body()).contains("You are not signed in.");
    }

    @Test
    void the_devices_page_needs_a_store_but_ends_all_sessions() {
        assertThat(client.get("/devices").body())
                .contains("This page needs a store.", "You are not signed in.")
                .doesNotContain("End all");
        client.submit("/account/sign-in", "name", "Grace");
        DemoClient phone = new DemoClient(server);
        phone.submit("/account/sign-in", "name", "Grace");
        DemoClient other = new DemoClient(server);
        other.submit("/account/sign-in", "name", "Ada");

        assertThat(client.submit("/devices/end-all").body())
                .contains("All your sessions have ended", "You are not signed in.");
        assertThat(phone.get("/account").body()).contains("You are not signed in.");
        assertThat(other.get("/account").body()).contains("Signed in as Ada");
        assertThat(phone.submit("/account/sign-in", "name", "Grace").body()).contains("Signed in as Grace");
    }

    @Test
    void pages_that_need_a_store_say_so() {
        assertThat(client.get("/tokens").body())
                .contains("This page needs a store.")
                .doesNotContain("<script", "curl");
        assertThat(client.post("/api/login", "name", "Ada").statusCode()).isEqualTo(404);
        assertThat(client.get("/identity").body())
                .contains("needs a session in a store")
                .doesNotContain("/identity/change");
        client.get("/");
        assertThat(client.submit("/identity/change").body()).contains("This needs a session in a store.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/identity/change",
                "/identity/regenerate",
                "/identity/destroy",
                "/attributes/clear",
                "/account/sign-out",
                "/devices/end-all",
                "/cost/untouched",
                "/cost/read"
            })
    void every_button_works_without_a_session(String path) {
        assertThat(client.submit(path).statusCode()).isEqualTo(200);
    }

    @Test
    void attributes_that_do_not_fit_into_the_cookie_are_refused_with_a_reason() {
        for (int i = 0; i < 4; i++) {
            assertThat(client.post("/attributes/set", "name", "n" + i, "value", "x".repeat(500))
                            .statusCode())
                    .isEqualTo(303);
        }
        HttpResponse<String> page = client.post("/attributes/set", "name", "n4", "value", "\"".repeat(200));
        assertThat(page.statusCode()).isEqualTo(422);
        assertThat(page.body()).contains("Nothing was saved.", "The session has no room for it");
        assertThat(client.get("/attributes").body()).contains("n3").doesNotContain("n4");
        client.submit("/account/sign-in", "name", "𝄞".repeat(40));
        assertThat(client.get("/").body()).contains(">once<");
    }

    @Test
    void the_health_check_reads_the_revocations() {
        assertThat(client.get("/health").body()).contains("\"up\":true", "\"store\":\"sealed cookies\"");
    }

    @Test
    void the_cookie_page_explains_the_sealed_value() {
        client.get("/");
        String token = client.cookies.getOrDefault(COOKIE, "");
        assertThat(client.get("/cookie").body())
                .contains("4,093 bytes", "(" + token.length() + " characters)", "(in 30 min 0 s)")
                .doesNotContain(token.substring(0, 12));
    }
}
