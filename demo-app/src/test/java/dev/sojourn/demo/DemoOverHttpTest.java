package dev.sojourn.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.demo.servers.Adapter;
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

/** The demo without a browser, on every server: one of each, and a visitor for each test. */
@ParameterizedClass
@MethodSource("dev.sojourn.demo.servers.EveryServer#all")
final class DemoOverHttpTest {
    private static final String SECRET = "a9S/Jm0V3wqT5xRf2LkYb7cN8dHe1gUo4iPzQvXtM6s=";
    private static final String COOKIE = "__Host-id";

    private static final SettableClock CLOCK = new SettableClock();

    @SuppressWarnings("NullAway.Init") // made before the first test
    private static FailingStore store;

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static DemoServer server;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before each class of tests
    private Adapter adapter;

    private final Visitor visitor = new Visitor(server);

    @BeforeParameterizedClassInvocation
    static void start(Adapter adapter) throws IOException {
        store = new FailingStore();
        server = DemoServer.start(adapter, 0, SECRET, CLOCK, store, "memory");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
    }

    @AfterEach
    void mend() {
        store.failure = null;
    }

    // ---- sessions

    @Test
    void looking_around_starts_no_session() {
        for (String path :
                new String[] {"/attributes", "/account", "/devices", "/identity", "/cookie", "/cost", "/journal"}) {
            assertThat(visitor.get(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(visitor.cookies).doesNotContainKey(COOKIE);
    }

    @Test
    void the_page_counter_counts() {
        assertThat(visitor.get("/").body()).contains(">once<");
        assertThat(visitor.get("/").body()).contains(">2 times<");
        assertThat(new Visitor(server).get("/").body()).contains(">once<");
    }

    @Test
    void a_head_request_counts_nothing() {
        visitor.get("/");
        visitor.send(visitor.request("/").method("HEAD", BodyPublishers.noBody()));
        assertThat(visitor.get("/").body()).contains(">2 times<");
    }

    @Test
    void attributes_are_set_changed_and_removed() {
        assertThat(visitor.submit("/attributes/set", "name", "colour", "value", "blue")
                        .body())
                .contains("Saved.", "value=\"blue\"");
        assertThat(visitor.submit("/attributes/set", "name", "colour", "value", "green")
                        .body())
                .contains("value=\"green\"")
                .doesNotContain("value=\"blue\"");
        assertThat(visitor.submit("/attributes/remove", "name", "colour").body())
                .contains("Removed.", "There are none.")
                .doesNotContain("value=\"green\"");
    }

    @Test
    void all_attributes_are_removed_at_once() {
        visitor.submit("/attributes/set", "name", "one", "value", "first");
        visitor.submit("/attributes/set", "name", "two", "value", "second");
        assertThat(visitor.submit("/attributes/clear").body()).contains("There are none.");
    }

    @Test
    void signing_in_gives_a_new_id_and_signing_out_makes_the_old_one_worthless() {
        visitor.get("/");
        String before = visitor.cookies.get(COOKIE);
        assertThat(visitor.submit("/account/sign-in", "name", "Ada").body()).contains("Signed in as Ada");
        String signedIn = visitor.cookies.get(COOKIE);
        assertThat(signedIn).isNotEqualTo(before);

        assertThat(visitor.submit("/account/sign-out").body()).contains("You are not signed in.");
        assertThat(visitor.cookies).doesNotContainKey(COOKIE);
        visitor.cookies.put(COOKIE, signedIn);
        assertThat(visitor.get("/account").body()).contains("You are not signed in.");
    }

    @Test
    void a_changed_id_keeps_the_data_and_a_regenerated_one_does_not() {
        visitor.submit("/attributes/set", "name", "colour", "value", "blue");
        String first = visitor.cookies.get(COOKIE);
        assertThat(visitor.submit("/identity/change").body()).contains("colour");
        String second = visitor.cookies.get(COOKIE);
        assertThat(visitor.submit("/identity/regenerate").body()).doesNotContain("colour");
        assertThat(visitor.cookies.get(COOKIE)).isNotEqualTo(second).isNotEqualTo(first);
        assertThat(visitor.submit("/identity/destroy").body()).contains("You have none.");
        assertThat(visitor.cookies).doesNotContainKey(COOKIE);
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
    void every_button_works_without_a_session_too(String path) {
        assertThat(visitor.submit(path).statusCode()).isEqualTo(200);
    }

    @Test
    void the_session_ends_when_the_page_says_so() {
        visitor.get("/");
        assertThat(visitor.get("/cookie").body()).contains("(in 30 min 0 s)", "(in 12 h 0 min)");
        CLOCK.advance(Duration.ofMinutes(29));
        assertThat(visitor.get("/cookie").body()).contains("(29 min 0 s ago)", "(in 1 min 0 s)");
        CLOCK.advance(Duration.ofMinutes(29));
        assertThat(visitor.get("/cookie").body()).contains("(in 11 h 2 min)");
        CLOCK.advance(Duration.ofMinutes(31));
        assertThat(visitor.get("/cookie").body()).contains("You have no session that could end.");
    }

    // ---- where somebody is signed in

    @Test
    void the_devices_page_asks_strangers_to_sign_in_first() {
        visitor.get("/");
        assertThat(visitor.get("/devices").body())
                .contains("You are not signed in.")
                .doesNotContain("End all");
    }

    @Test
    void the_list_says_when_and_which_one_is_this_one() {
        visitor.submit("/account/sign-in", "name", "Grace");
        CLOCK.advance(Duration.ofMinutes(5));
        Visitor phone = new Visitor(server);
        phone.submit("/account/sign-in", "name", "Grace");
        CLOCK.advance(Duration.ofMinutes(2));
        String page = visitor.get("/devices").body();
        assertThat(page).contains("<strong>Grace</strong>, 2 times").containsOnlyOnce("This browser");
        assertThat(page.indexOf("This browser")).as("this one comes first").isLessThan(page.indexOf("Another browser"));
        assertThat(page).contains("(7 min 0 s ago)", "(2 min 0 s ago)", "(in 23 min 0 s)", "(in 28 min 0 s)");
    }

    @Test
    void nobody_ends_the_session_of_somebody_else() {
        visitor.submit("/account/sign-in", "name", "Ada");
        Visitor mallory = new Visitor(server);
        mallory.submit("/account/sign-in", "name", "Mallory");
        String handle = visitor.get("/identity").body().replaceFirst("(?s).*<dd><code>([^<]+)</code>.*", "$1");
        assertThat(mallory.submit("/devices/end", "handle", handle).body()).contains("There was no such session");
        mallory.submit("/devices/end-all");
        assertThat(visitor.get("/account").body()).contains("Signed in as Ada");
    }

    @Test
    void a_sign_in_and_its_index_are_in_the_journal() {
        visitor.get("/");
        visitor.post("/account/sign-in", "name", "Lin");
        assertThat(visitor.newestCost()).isEqualTo("5 store calls");
        assertThat(visitor.get("/journal").body())
                .containsPattern("(?s)load .{6}….*enter .{6}….*create .{6}….*enter .{6}….*compareAndSet .{6}…");
        visitor.post("/devices/end-others");
        assertThat(visitor.get("/journal").body()).contains("advanceEpoch the user", "find the user: 1 entry");
    }

    // ---- health

    @Test
    void health_is_told_in_json_and_with_the_status() {
        HttpResponse<String> up = visitor.get("/health");
        assertThat(up.statusCode()).isEqualTo(200);
        assertThat(up.body()).contains("\"up\":true", "\"store\":\"memory\"");
        assertThat(up.headers().allValues("Set-Cookie")).isEmpty();
        store.failure = () -> StoreException.notDone("nobody is there", null);
        HttpResponse<String> down = visitor.get("/health");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.body()).contains("\"up\":false", "nobody is there");
        assertThat(visitor.get("/health/else").statusCode()).isEqualTo(404);
    }

    // ---- what is shown

    @ParameterizedTest
    @CsvSource({"untouched, 0 store calls", "read, 1 store call", "write, 2 store calls"})
    void the_cost_that_is_shown_is_the_promised_one(String what, String cost) {
        visitor.get("/");
        visitor.post("/cost/" + what);
        assertThat(visitor.entries().get(0)).isEqualTo("POST /cost/" + what + " → 303 · " + cost);
    }

    @Test
    void the_calls_are_named_in_their_order() {
        visitor.get("/");
        visitor.post("/cost/write");
        assertThat(visitor.get("/journal").body())
                .containsPattern("(?s)load .{6}…: .* bytes\\s+compareAndSet .{6}…: .* bytes");
    }

    @Test
    void a_forged_cookie_costs_no_store_call() {
        visitor.get("/journal");
        visitor.cookies.put(COOKIE, "A".repeat(87));
        visitor.get("/attributes");
        assertThat(visitor.newestCost()).isEqualTo("0 store calls");
    }

    @Test
    void a_reader_pays_for_a_touch_once_in_a_touch_interval() {
        visitor.get("/");
        CLOCK.advance(Duration.ofMinutes(2));
        visitor.post("/cost/read");
        assertThat(visitor.newestCost()).isEqualTo("2 store calls");
        visitor.post("/cost/read");
        assertThat(visitor.newestCost()).isEqualTo("1 store call");
    }

    @Test
    void the_journal_holds_20_requests_of_this_visitor_only() {
        for (int i = 0; i < 25; i++) {
            visitor.get("/cost");
        }
        assertThat(visitor.entries()).hasSize(20);
        assertThat(new Visitor(server).entries()).isEmpty();
    }

    @Test
    void a_journal_that_the_demo_did_not_name_is_not_taken_over() {
        visitor.cookies.put("__Host-demo-journal", "planted");
        visitor.get("/cost");
        assertThat(visitor.cookies.get("__Host-demo-journal")).isNotEqualTo("planted");
    }

    @Test
    void no_page_shows_a_whole_token() {
        visitor.get("/");
        visitor.submit("/account/sign-in", "name", "Ada");
        String token = visitor.cookies.getOrDefault(COOKIE, "");
        String journal = visitor.cookies.getOrDefault("__Host-demo-journal", "");
        for (String path :
                new String[] {"/", "/attributes", "/account", "/devices", "/identity", "/cookie", "/cost", "/journal"
                }) {
            assertThat(visitor.get(path).body()).as(path).doesNotContain(token.substring(0, 12), journal);
        }
        assertThat(visitor.get("/cookie").body()).contains(COOKIE + "=" + token.substring(0, 6) + "…");
    }

    @Test
    void what_visitors_enter_is_escaped() {
        String nasty = "<script>alert(1)</script>\"'&";
        for (String path : new String[] {"/attributes/set", "/account/sign-in"}) {
            HttpResponse<String> page = visitor.submit(path, "name", nasty, "value", nasty);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("&lt;script&gt;").doesNotContain("<script");
        }
        HttpResponse<String> again = visitor.post("/attributes/set", "name", nasty, "value", "");
        assertThat(again.statusCode()).isEqualTo(422);
        assertThat(again.body())
                .contains("value=\"&lt;script>alert(1)&lt;/script>&#34;&#39;&amp;\"")
                .doesNotContain("<script");
        visitor.get("/nowhere?" + "%3Cscript%3E");
        assertThat(visitor.get("/journal").body()).doesNotContain("<script");
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''          | x   | The name is empty.",
                "'   '       | x   | The name is empty.",
                "colour      | ''  | The value is empty.",
                "views       | x   | belongs to another page",
                "measured    | x   | belongs to another page",
                "01234567890123456789012345678901234567890 | x | 40 is the most"
            })
    void an_attribute_that_does_not_fit_is_refused_with_a_reason(String name, String value, String reason) {
        HttpResponse<String> page = visitor.post("/attributes/set", "name", name, "value", value);
        assertThat(page.statusCode()).isEqualTo(422);
        assertThat(page.body()).contains(reason, "Nothing was saved.", "aria-invalid=\"true\"");
        assertThat(visitor.cookies).doesNotContainKey(COOKIE);
    }

    @Test
    void a_long_value_a_control_character_and_too_many_attributes_are_refused() {
        assertThat(visitor.post("/attributes/set", "name", "long", "value", "x".repeat(501))
                        .body())
                .contains("500 is the most");
        assertThat(visitor.post("/attributes/set", "name", "a\nb", "value", "x").body())
                .contains("control character");
        for (int i = 0; i < 20; i++) {
            visitor.post("/attributes/set", "name", "n" + i, "value", "x");
        }
        assertThat(visitor.post("/attributes/set", "name", "more", "value", "x").body())
                .contains("20 attributes already");
        assertThat(visitor.post("/attributes/set", "name", "n0", "value", "changed")
                        .statusCode())
                .isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "01234567890123456789012345678901234567890"})
    void a_name_that_does_not_fit_signs_nobody_in(String name) {
        assertThat(visitor.post("/account/sign-in", "name", name).statusCode()).isEqualTo(422);
        assertThat(visitor.get("/account").body()).contains("You are not signed in.");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example",
        "Origin, http://localhost:1",
        "Origin, null",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void a_form_of_another_site_is_refused(String header, String value) {
        visitor.submit("/account/sign-in", "name", "Ada");
        HttpResponse<String> answer =
                visitor.send(visitor.form("/account/sign-out").header(header, value));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("This form came from another site.");
        assertThat(visitor.newestCost()).isEqualTo("0 store calls");
        assertThat(visitor.get("/account").body()).contains("Signed in as Ada");
    }

    @Test
    void a_form_of_the_demo_itself_is_taken() {
        HttpResponse<String> answer = visitor.send(visitor.form("/account/sign-in", "name", "Ada")
                .header("Origin", server.address())
                .header("Sec-Fetch-Site", "same-origin"));
        assertThat(answer.statusCode()).isEqualTo(303);
    }

    @Test
    void what_is_not_there_or_not_understood_is_answered_by_a_page() {
        assertThat(visitor.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(visitor.get("/assets/nothing.css").statusCode()).isEqualTo(404);
        HttpResponse<String> wrongMethod = visitor.get("/account/sign-in");
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).contains("POST");
        assertThat(visitor.send(visitor.request("/attributes/set")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("name=%zz")))
                        .statusCode())
                .isEqualTo(400);
        assertThat(visitor.post("/attributes/set", "name", "n", "value", "x".repeat(20_000))
                        .statusCode())
                .isEqualTo(413);
        assertThat(visitor.send(visitor.request("/attributes/set")
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString("name=a&value=b")))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void a_store_that_is_away_is_said_to_be_away() {
        visitor.get("/");
        store.failure = () -> StoreException.notDone("inside knowledge", null);
        HttpResponse<String> page = visitor.get("/attributes");
        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.headers().firstValue("Retry-After")).isPresent();
        assertThat(page.body()).contains("<h1>").doesNotContain("inside knowledge", "Exception", "\tat ");
        assertThat(page.body()).doesNotContain("Your session is kept in", "All it knows of you");
        assertThat(visitor.cookies).containsKey(COOKIE);
    }

    @Test
    void a_page_that_uses_the_session_shows_who_is_signed_in() {
        assertThat(visitor.get("/").body()).doesNotContain("signed in as");
        visitor.submit("/account/sign-in", "name", "Ada");
        assertThat(visitor.get("/").body()).contains("signed in as <a href=\"/account\">Ada</a>");
        assertThat(visitor.get("/cost").body()).doesNotContain("signed in as");
        assertThat(visitor.newestCost()).isEqualTo("0 store calls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "POST /account/sign-in"})
    void a_browser_on_another_machine_reads_why_it_would_not_keep_the_cookie(String request) throws IOException {
        URI address = URI.create(server.address());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: 192.0.2.7\r\nConnection: close\r\nContent-Length: 8\r\n"
                                    + "Content-Type: application/x-www-form-urlencoded\r\n\r\nname=Ada")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 500").contains("<h1>Your browser would not keep the cookie</h1>");
            assertThat(answer).doesNotContain(COOKIE + "=");
        }
    }

    @Test
    void a_failure_is_told_without_its_insides() {
        visitor.get("/");
        store.failure = () -> new IllegalStateException("inside knowledge");
        HttpResponse<String> page = visitor.get("/attributes");
        assertThat(page.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(page.body()).contains("<h1>").doesNotContain("inside knowledge", "Exception", "\tat ");
    }

    @Test
    void even_an_error_is_answered() {
        visitor.get("/");
        store.failure = () -> {
            throw new LinkageError("inside knowledge");
        };
        HttpResponse<String> page = visitor.get("/attributes");
        assertThat(page.statusCode()).isEqualTo(500);
        assertThat(page.body()).doesNotContain("inside knowledge", "Error:", "\tat ");
    }

    // ---- the page around it

    @Test
    void stylesheets_come_out_of_the_demo_itself() {
        for (String path : new String[] {"/assets/pico.css", "/assets/demo.css"}) {
            HttpResponse<String> sheet = visitor.get(path);
            assertThat(sheet.statusCode()).isEqualTo(200);
            assertThat(sheet.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/css");
            assertThat(sheet.headers().allValues("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void pages_run_no_script_and_are_kept_by_nobody_else() {
        HttpResponse<String> page = visitor.get("/attributes");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .doesNotContain("script-src");
        assertThat(page.headers().firstValue("Cache-Control").orElseThrow()).contains("private");
        assertThat(page.body()).doesNotContain("<script", " onclick", " style=");
    }

    @Test
    void a_taken_port_is_a_bind_exception_and_nothing_is_logged() {
        int port = URI.create(server.address()).getPort();
        Logged logged = new Logged();
        Logger.getLogger("").addHandler(logged);
        try {
            assertThatThrownBy(() -> DemoServer.start(adapter, port, SECRET, CLOCK))
                    .isInstanceOf(BindException.class);
        } finally {
            Logger.getLogger("").removeHandler(logged);
        }
        assertThat(logged.messages).isEmpty();
    }

    private static final class Logged extends Handler {
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

    /** The memory store, until it is told to fail. */
    private static final class FailingStore extends ForwardingStore {
        private final MemoryStore memory = MemoryStore.builder().clock(CLOCK).build();
        private volatile @Nullable Supplier<RuntimeException> failure;

        @Override
        protected SessionStore store() {
            Supplier<RuntimeException> present = failure;
            if (present != null) {
                throw present.get();
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
