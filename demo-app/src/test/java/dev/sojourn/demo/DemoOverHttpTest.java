package dev.sojourn.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.demo.servers.Adapter;
import dev.sojourn.demo.store.DemoStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the demo over HTTP on every server. Each server starts once; each test has its own client. */
@ParameterizedClass
@MethodSource("dev.sojourn.demo.servers.AllAdapters#all")
final class DemoOverHttpTest {
    private static final String SECRET = "a9S/Jm0V3wqT5xRf2LkYb7cN8dHe1gUo4iPzQvXtM6s=";
    private static final String COOKIE = "__Host-id";

    private static final SettableClock CLOCK = new SettableClock();

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static FailingStore store;

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static DemoServer server;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before each class of tests
    private Adapter adapter;

    private final DemoClient client = new DemoClient(server);

    @BeforeParameterizedClassInvocation
    static void start(Adapter adapter) throws IOException {
        store = new FailingStore();
        server = DemoServer.start(
                adapter,
                0,
                SECRET,
                CLOCK,
                DemoStore.of("memory", store, MemoryStore.builder().clock(CLOCK).build()));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
    }

    @AfterEach
    void restoreStore() {
        store.failure = null;
    }

    // ---- sessions

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
    void the_page_counter_counts_views() {
        assertThat(client.get("/").body()).contains(">once<");
        assertThat(client.get("/").body()).contains(">2 times<");
        assertThat(new DemoClient(server).get("/").body()).contains(">once<");
    }

    @Test
    void a_head_request_counts_nothing() {
        client.get("/");
        client.send(client.request("/").method("HEAD", BodyPublishers.noBody()));
        assertThat(client.get("/").body()).contains(">2 times<");
    }

    @Test
    void attributes_are_set_changed_and_removed() {
        assertThat(client.submit("/attributes/set", "name", "colour", "value", "blue")
                        .body())
                .contains("Saved.", "value=\"blue\"");
        assertThat(client.submit("/attributes/set", "name", "colour", "value", "green")
                        .body())
                .contains("value=\"green\"")
                .doesNotContain("value=\"blue\"");
        assertThat(client.submit("/attributes/remove", "name", "colour").body())
                .contains("Removed.", "You have no attributes.")
                .doesNotContain("value=\"green\"");
    }

    @Test
    void all_attributes_are_removed_at_once() {
        client.submit("/attributes/set", "name", "one", "value", "first");
        client.submit("/attributes/set", "name", "two", "value", "second");
        assertThat(client.submit("/attributes/clear").body()).contains("You have no attributes.");
    }

    @Test
    void signing_in_changes_the_id_and_signing_out_invalidates_it() {
        client.get("/");
        String before = client.cookies.get(COOKIE);
        assertThat(client.submit("/account/sign-in", "name", "Ada").body()).contains("Signed in as Ada");
        String signedIn = client.cookies.get(COOKIE);
        assertThat(signedIn).isNotEqualTo(before);

        assertThat(client.submit("/account/sign-out").body()).contains("You are not signed in.");
        assertThat(client.cookies).doesNotContainKey(COOKIE);
        client.cookies.put(COOKIE, signedIn);
        assertThat(client.get("/account").body()).contains("You are not signed in.");
    }

    @Test
    void a_changed_id_keeps_the_data_and_a_regenerated_one_does_not() {
        client.submit("/attributes/set", "name", "colour", "value", "blue");
        String first = client.cookies.get(COOKIE);
        assertThat(client.submit("/identity/change").body()).contains("colour");
        String second = client.cookies.get(COOKIE);
        assertThat(client.submit("/identity/regenerate").body()).doesNotContain("colour");
        assertThat(client.cookies.get(COOKIE)).isNotEqualTo(second).isNotEqualTo(first);
        assertThat(client.submit("/identity/destroy").body()).contains("You have no session.");
        assertThat(client.cookies).doesNotContainKey(COOKIE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/identity/change",
                "/identity/regenerate",
                "/identity/destroy",
                "/attributes/clear",
                "/account/sign-out",
                "/devices/end",
                "/devices/end-others",
                "/devices/end-all",
                "/cost/untouched",
                "/cost/read"
            })
    void every_button_works_without_a_session(String path) {
        assertThat(client.submit(path).statusCode()).isEqualTo(200);
    }

    @Test
    void the_session_expires_when_the_page_shows() {
        client.get("/");
        assertThat(client.get("/cookie").body()).contains("(in 30 min 0 s)", "(in 12 h 0 min)");
        CLOCK.advance(Duration.ofMinutes(29));
        assertThat(client.get("/cookie").body()).contains("(29 min 0 s ago)", "(in 1 min 0 s)");
        CLOCK.advance(Duration.ofMinutes(29));
        assertThat(client.get("/cookie").body()).contains("(in 11 h 2 min)");
        CLOCK.advance(Duration.ofMinutes(31));
        assertThat(client.get("/cookie").body()).contains("You have no session.");
    }

    // ---- the user's sessions

    @Test
    void the_devices_page_requires_a_user() {
        client.get("/");
        assertThat(client.get("/devices").body())
                .contains("You are not signed in.")
                .doesNotContain("End all");
    }

    @Test
    void the_list_shows_times_and_marks_the_current_session() {
        client.submit("/account/sign-in", "name", "Grace");
        CLOCK.advance(Duration.ofMinutes(5));
        DemoClient phone = new DemoClient(server);
        phone.submit("/account/sign-in", "name", "Grace");
        CLOCK.advance(Duration.ofMinutes(2));
        String page = client.get("/devices").body();
        assertThat(page).contains("<strong>Grace</strong>, 2 sessions").containsOnlyOnce("this device");
        assertThat(page.indexOf("this device"))
                .as("the current session comes first")
                .isLessThan(page.indexOf("End session<"));
        assertThat(page).contains("(7 min 0 s ago)", "(2 min 0 s ago)", "(in 23 min 0 s)", "(in 28 min 0 s)");
    }

    @Test
    void a_user_cannot_end_another_users_session() {
        client.submit("/account/sign-in", "name", "Ada");
        DemoClient mallory = new DemoClient(server);
        mallory.submit("/account/sign-in", "name", "Mallory");
        String publicId = client.get("/identity").body().replaceFirst("(?s).*<dd><code>([^<]+)</code>.*", "$1");
        assertThat(mallory.submit("/devices/end", "publicId", publicId).body())
                .contains("That session no longer exists.");
        mallory.submit("/devices/end-all");
        assertThat(client.get("/account").body()).contains("Signed in as Ada");
    }

    @Test
    void the_journal_shows_a_sign_in_with_its_index_calls() {
        client.get("/");
        client.post("/account/sign-in", "name", "Lin");
        assertThat(client.newestCost()).isEqualTo("5 store calls");
        assertThat(client.get("/journal").body())
                .containsPattern("(?s)load .{6}….*enter .{6}….*create .{6}….*enter .{6}….*compareAndSet .{6}…");
        client.post("/devices/end-others");
        assertThat(client.get("/journal").body()).contains("advanceEpoch user", "find user: 1 entry");
    }

    // ---- health

    @Test
    void the_health_check_responds_with_json_and_a_status() {
        HttpResponse<String> up = client.get("/health");
        assertThat(up.statusCode()).isEqualTo(200);
        assertThat(up.body()).contains("\"up\":true", "\"store\":\"memory\"");
        assertThat(up.headers().allValues("Set-Cookie")).isEmpty();
        store.failure = () -> StoreException.notDone("connection refused", null);
        HttpResponse<String> down = client.get("/health");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.body()).contains("\"up\":false", "connection refused");
        assertThat(client.get("/health/else").statusCode()).isEqualTo(404);
    }

    // ---- the journal

    @ParameterizedTest
    @CsvSource({"untouched, 0 store calls", "read, 1 store call", "write, 2 store calls"})
    void the_journal_shows_the_promised_cost(String what, String cost) {
        client.get("/");
        client.post("/cost/" + what);
        assertThat(client.entries().get(0)).isEqualTo("POST /cost/" + what + " → 303 · " + cost);
    }

    @Test
    void the_journal_lists_store_calls_in_order() {
        client.get("/");
        client.post("/cost/write");
        assertThat(client.get("/journal").body())
                .containsPattern("(?s)load .{6}…: .* bytes\\s+compareAndSet .{6}…: .* bytes");
    }

    @Test
    void a_forged_cookie_costs_no_store_call() {
        client.get("/journal");
        client.cookies.put(COOKIE, "A".repeat(87));
        client.get("/attributes");
        assertThat(client.newestCost()).isEqualTo("0 store calls");
    }

    @Test
    void reads_touch_the_session_once_per_touch_interval() {
        client.get("/");
        CLOCK.advance(Duration.ofMinutes(2));
        client.post("/cost/read");
        assertThat(client.newestCost()).isEqualTo("2 store calls");
        client.post("/cost/read");
        assertThat(client.newestCost()).isEqualTo("1 store call");
    }

    @Test
    void the_journal_contains_20_requests_of_one_client() {
        for (int i = 0; i < 25; i++) {
            client.get("/cost");
        }
        assertThat(client.entries()).hasSize(20);
        assertThat(new DemoClient(server).entries()).isEmpty();
    }

    @Test
    void a_journal_id_that_the_demo_did_not_issue_is_replaced() {
        client.cookies.put("__Host-demo-journal", "forged");
        client.get("/cost");
        assertThat(client.cookies.get("__Host-demo-journal")).isNotEqualTo("forged");
    }

    @Test
    void no_page_shows_a_whole_token() {
        client.get("/");
        client.submit("/account/sign-in", "name", "Ada");
        String token = client.cookies.getOrDefault(COOKIE, "");
        String journal = client.cookies.getOrDefault("__Host-demo-journal", "");
        for (String path :
                new String[] {"/", "/attributes", "/account", "/devices", "/identity", "/cookie", "/cost", "/journal"
                }) {
            assertThat(client.get(path).body()).as(path).doesNotContain(token.substring(0, 12), journal);
        }
        assertThat(client.get("/cookie").body()).contains(COOKIE + "=" + token.substring(0, 6) + "…");
    }

    @Test
    void user_input_is_escaped() {
        String nasty = "<script>alert(1)</script>\"'&";
        for (String path : new String[] {"/attributes/set", "/account/sign-in"}) {
            HttpResponse<String> page = client.submit(path, "name", nasty, "value", nasty);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("&lt;script&gt;").doesNotContain("<script>");
        }
        HttpResponse<String> again = client.post("/attributes/set", "name", nasty, "value", "");
        assertThat(again.statusCode()).isEqualTo(422);
        assertThat(again.body())
                .contains("value=\"&lt;script>alert(1)&lt;/script>&#34;&#39;&amp;\"")
                .doesNotContain("<script>");
        client.get("/nowhere?" + "%3Cscript%3E");
        assertThat(client.get("/journal").body()).doesNotContain("<script");
    }

    // ---- the account

    @Test
    void the_mail_address_is_changed_only_after_a_confirmation_which_ends() {
        client.submit("/account/sign-in", "name", "Ada");
        assertThat(client.post("/account/mail", "mail", "ada@example.org").statusCode())
                .isEqualTo(403);
        HttpResponse<String> wrong = client.post("/account/confirm", "again", "Eve");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("This is not the name that you are signed in with.");

        assertThat(client.submit("/account/confirm", "again", "Ada").body()).contains("New mail address");
        assertThat(client.post("/account/mail", "mail", "no address").statusCode())
                .isEqualTo(422);
        assertThat(client.submit("/account/mail", "mail", "ada@example.org").body())
                .contains("Your mail address was changed.", "<dd>ada@example.org</dd>");
        CLOCK.advance(Duration.ofMinutes(5));
        assertThat(client.post("/account/mail", "mail", "late@example.org").statusCode())
                .isEqualTo(403);
        assertThat(client.get("/account").body()).contains("ada@example.org").doesNotContain("late@");
    }

    @Test
    void the_account_lists_the_users_devices_and_ends_the_others() {
        DemoClient phone = new DemoClient(server);
        phone.send(phone.form("/account/sign-in", "name", "Lise")
                .header("Sec-Fetch-Site", "same-origin")
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"));
        client.submit("/account/sign-in", "name", "Lise");
        assertThat(client.get("/account").body())
                .contains("Firefox on Linux", "127.0.0.0")
                .containsOnlyOnce("this device");

        assertThat(client.submit("/account/end-others").body())
                .contains("All other sessions have ended.")
                .doesNotContain("Firefox on Linux");
        assertThat(phone.get("/account").body()).contains("You are not signed in.");
    }

    @Test
    void a_remembered_browser_is_signed_in_again_after_its_session_has_ended() {
        client.submit("/account/sign-in", "name", "Emmy", "remember", "yes");
        client.submit("/account/confirm", "again", "Emmy");
        CLOCK.advance(Duration.ofHours(13));

        assertThat(client.get("/account").body())
                .contains("Signed in as Emmy", "signed you in again by itself", "Your name, once more");
        client.submit("/account/sign-out");
        assertThat(client.get("/account").body()).contains("You are not signed in.");
    }

    @Test
    void a_form_of_another_origin_is_refused_although_the_cookie_comes_with_it() {
        client.submit("/account/sign-in", "name", "Ada");
        client.submit("/account/confirm", "again", "Ada");

        HttpResponse<String> refused = client.send(client.form("/account/mail", "mail", "mallory@example.org")
                .header("Sec-Fetch-Site", "same-site")
                .header("Origin", "http://localhost:1"));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(client.get("/account").body()).contains("none yet").doesNotContain("mallory");
    }

    @Test
    void the_script_learns_when_the_session_ends_without_extending_it() {
        client.submit("/account/sign-in", "name", "Ada");
        client.submit("/account/shorten");
        CLOCK.advance(Duration.ofSeconds(100));

        HttpResponse<String> status = client.get("/session");
        assertThat(status.body()).contains("\"endsIn\":30,", "\"signedIn\":true");
        assertThat(client.post("/session").body()).contains("\"endsIn\":130,");
        CLOCK.advance(Duration.ofSeconds(131));
        assertThat(client.get("/session").body()).contains("\"signedIn\":false");
        assertThat(client.post("/session").statusCode()).isEqualTo(401);
        assertThat(client.get("/assets/sojourn-session.js").body()).contains("sojournSession");
    }

    // ---- errors

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''          | x   | The name is empty.",
                "'   '       | x   | The name is empty.",
                "colour      | ''  | The value is empty.",
                "views       | x   | is used by another page",
                "measured    | x   | is used by another page",
                "01234567890123456789012345678901234567890 | x | the maximum is 40"
            })
    void an_invalid_attribute_is_refused_with_a_reason(String name, String value, String reason) {
        HttpResponse<String> page = client.post("/attributes/set", "name", name, "value", value);
        assertThat(page.statusCode()).isEqualTo(422);
        assertThat(page.body()).contains(reason, "Nothing was saved.", "aria-invalid=\"true\"");
        assertThat(client.cookies).doesNotContainKey(COOKIE);
    }

    @Test
    void a_long_value_a_control_character_and_too_many_attributes_are_refused() {
        assertThat(client.post("/attributes/set", "name", "long", "value", "x".repeat(501))
                        .body())
                .contains("the maximum is 500");
        assertThat(client.post("/attributes/set", "name", "a\nb", "value", "x").body())
                .contains("control character");
        for (int i = 0; i < 20; i++) {
            client.post("/attributes/set", "name", "n" + i, "value", "x");
        }
        assertThat(client.post("/attributes/set", "name", "more", "value", "x").body())
                .contains("There are already 20 attributes.");
        assertThat(client.post("/attributes/set", "name", "n0", "value", "changed")
                        .statusCode())
                .isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "01234567890123456789012345678901234567890"})
    void an_invalid_name_does_not_sign_in(String name) {
        assertThat(client.post("/account/sign-in", "name", name).statusCode()).isEqualTo(422);
        assertThat(client.get("/account").body()).contains("You are not signed in.");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example",
        "Origin, http://localhost:1",
        "Origin, null",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void a_form_from_another_site_is_refused(String header, String value) {
        client.submit("/account/sign-in", "name", "Ada");
        HttpResponse<String> response =
                client.send(client.form("/account/sign-out").header(header, value));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("This request was refused.");
        assertThat(client.get("/account").body()).contains("Signed in as Ada");
    }

    @Test
    void a_form_from_the_demo_is_accepted() {
        HttpResponse<String> response = client.send(client.form("/account/sign-in", "name", "Ada")
                .header("Origin", server.address())
                .header("Sec-Fetch-Site", "same-origin"));
        assertThat(response.statusCode()).isEqualTo(303);
    }

    @Test
    void invalid_requests_get_an_error_page() {
        assertThat(client.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(client.get("/assets/nothing.css").statusCode()).isEqualTo(404);
        HttpResponse<String> wrongMethod = client.get("/account/sign-in");
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).contains("POST");
        assertThat(client.send(client.request("/attributes/set")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("name=%zz")))
                        .statusCode())
                .isEqualTo(400);
        assertThat(client.post("/attributes/set", "name", "n", "value", "x".repeat(20_000))
                        .statusCode())
                .isEqualTo(413);
        assertThat(client.send(client.request("/attributes/set")
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString("name=a&value=b")))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void an_unavailable_store_leads_to_503() {
        client.get("/");
        store.failure = () -> StoreException.notDone("internal detail", null);
        HttpResponse<String> page = client.get("/attributes");
        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.headers().firstValue("Retry-After")).isPresent();
        assertThat(page.body()).contains("<h1>").doesNotContain("internal detail", "Exception", "\tat ");
        assertThat(page.body()).doesNotContain("Your session is stored in", "Your session and the journal");
        assertThat(client.cookies).containsKey(COOKIE);
    }

    @Test
    void a_page_that_uses_the_session_shows_the_user() {
        assertThat(client.get("/").body()).doesNotContain("signed in as");
        client.submit("/account/sign-in", "name", "Ada");
        assertThat(client.get("/").body()).contains("signed in as <a href=\"/account\">Ada</a>");
        assertThat(client.get("/cost").body()).doesNotContain("signed in as");
        assertThat(client.newestCost()).isEqualTo("0 store calls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "POST /account/sign-in"})
    void a_browser_on_another_machine_sees_why_it_would_reject_the_cookie(String request) throws IOException {
        URI address = URI.create(server.address());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: 192.0.2.7\r\nConnection: close\r\nContent-Length: 8\r\n"
                                    + "Content-Type: application/x-www-form-urlencoded\r\n\r\nname=Ada")
                            .getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(response).startsWith("HTTP/1.1 500").contains("<h1>Your browser would reject the cookie</h1>");
            assertThat(response).doesNotContain(COOKIE + "=");
        }
    }

    @Test
    void an_error_page_shows_no_internal_details() {
        client.get("/");
        store.failure = () -> new IllegalStateException("internal detail");
        HttpResponse<String> page = client.get("/attributes");
        assertThat(page.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(page.body()).contains("<h1>").doesNotContain("internal detail", "Exception", "\tat ");
    }

    @Test
    void an_error_thrown_by_the_store_leads_to_500() {
        client.get("/");
        store.failure = () -> {
            throw new LinkageError("internal detail");
        };
        HttpResponse<String> page = client.get("/attributes");
        assertThat(page.statusCode()).isEqualTo(500);
        assertThat(page.body()).doesNotContain("internal detail", "Error:", "\tat ");
    }

    // ---- layout and headers

    @Test
    void the_demo_serves_its_stylesheets() {
        for (String path : new String[] {"/assets/pico.css", "/assets/demo.css"}) {
            HttpResponse<String> sheet = client.get(path);
            assertThat(sheet.statusCode()).isEqualTo(200);
            assertThat(sheet.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/css");
            assertThat(sheet.headers().allValues("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void pages_allow_no_script_and_no_shared_cache() {
        HttpResponse<String> page = client.get("/attributes");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .doesNotContain("script-src");
        assertThat(page.headers().firstValue("Cache-Control").orElseThrow()).contains("private");
        assertThat(page.body()).doesNotContain("<script", " onclick", " style=");
    }

    @Test
    void an_unavailable_port_throws_bind_exception_and_logs_nothing() {
        int port = URI.create(server.address()).getPort();
        LogCapture logged = new LogCapture();
        Logger.getLogger("").addHandler(logged);
        try {
            assertThatThrownBy(() -> DemoServer.start(adapter, port, SECRET, CLOCK))
                    .isInstanceOf(BindException.class);
        } finally {
            Logger.getLogger("").removeHandler(logged);
        }
        assertThat(logged.messages).isEmpty();
    }

    private static final class LogCapture extends Handler {
        private final Queue<String> messages = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord record) {
            messages.add(record.getLoggerName() + ": " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** A memory store whose calls fail while {@code failure} is set. */
    private static final class FailingStore extends ForwardingStore {
        private final MemoryStore memory = MemoryStore.builder().clock(CLOCK).build();
        private volatile @Nullable Supplier<RuntimeException> failure;

        @Override
        protected SessionStore store() {
            Supplier<RuntimeException> current = failure;
            if (current != null) {
                throw current.get();
            }
            return memory;
        }

        @Override
        public Optional<UserIndex> userIndex() {
            return memory.userIndex();
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
