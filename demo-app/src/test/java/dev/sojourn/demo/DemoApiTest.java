package dev.sojourn.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.demo.servers.Adapter;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the API of the demo over HTTP on every server. Each server starts once; each test has its own client. */
@ParameterizedClass
@MethodSource("dev.sojourn.demo.servers.AllAdapters#all")
final class DemoApiTest {
    private static final String SECRET = "a9S/Jm0V3wqT5xRf2LkYb7cN8dHe1gUo4iPzQvXtM6s=";
    private static final String COOKIE = "__Host-id";
    private static final String REFRESH_COOKIE = "__Host-refresh";
    private static final Pattern COMMAND = Pattern.compile("(?s)<pre><code>(.*?)</code></pre>");

    private static final SettableClock CLOCK = new SettableClock();

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static DemoServer server;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before each class of tests
    private Adapter adapter;

    private final DemoClient client = new DemoClient(server);

    @BeforeParameterizedClassInvocation
    static void start(Adapter adapter) throws IOException {
        server = DemoServer.start(adapter, 0, SECRET, CLOCK);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
    }

    private static String member(HttpResponse<String> response, String name) {
        Matcher member = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(response.body());
        assertThat(member.find()).as(name).isTrue();
        return member.group(1);
    }

    private static String cost(HttpResponse<String> response) {
        return response.headers().firstValue("Demo-Cost").orElseThrow();
    }

    private HttpResponse<String> login(String name) {
        HttpResponse<String> response = client.post("/api/login", "name", name);
        assertThat(response.statusCode()).isEqualTo(200);
        return response;
    }

    private String accessToken(String name) {
        return member(login(name), "access_token");
    }

    private void assertRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(adapter.name()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).startsWith("{\"error\":");
    }

    // ---- programs

    @Test
    void signing_in_issues_two_tokens_and_sets_no_cookie() {
        HttpResponse<String> response = login("Ada");
        assertThat(response.body()).contains("\"token_type\":\"Bearer\"", "\"expires_in\":300", "\"refresh_token\":");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(client.cookies).isEmpty();
    }

    @Test
    void reading_the_token_calls_no_store_for_the_session() {
        String access = accessToken("Ada");
        HttpResponse<String> me = client.call("GET", "/api/me", access);
        assertThat(member(me, "user")).isEqualTo("Ada");
        assertThat(cost(me)).startsWith("0 store calls");
    }

    @Test
    void the_session_behind_the_token_is_exact_and_costs_two_calls() {
        String access = accessToken("Ada");
        assertThat(client.call("POST", "/api/visits", access).body()).contains("{\"visits\":1}");
        HttpResponse<String> second = client.call("POST", "/api/visits", access);
        assertThat(second.body()).contains("{\"visits\":2}");
        assertThat(cost(second)).startsWith("2 store calls");
    }

    @Test
    void each_response_shows_what_the_request_has_cost() {
        HttpResponse<String> login = login("Margaret");
        assertThat(cost(login)).startsWith("3 store calls");
        String access = member(login, "access_token");
        String refresh = member(login, "refresh_token");
        assertThat(cost(client.post("/api/refresh", "refresh_token", refresh))).startsWith("1 store call");
        CLOCK.advance(Duration.ofSeconds(31));
        assertThat(cost(client.post("/api/refresh", "refresh_token", refresh))).startsWith("2 store calls");
        assertThat(cost(client.call("GET", "/api/sessions", access))).startsWith("3 store calls");
        assertThat(cost(client.call("POST", "/api/logout", access))).startsWith("3 store calls");
        assertThat(cost(client.call("GET", "/api/me", access))).startsWith("0 store calls");
        assertThat(cost(client.post("/api/refresh", "refresh_token", "forged"))).startsWith("0 store calls");
    }

    @Test
    void refreshing_continues_the_session_and_a_repeated_request_gets_the_same_token() {
        HttpResponse<String> first = login("Ada");
        client.call("POST", "/api/visits", member(first, "access_token"));
        CLOCK.advance(Duration.ofMinutes(6));
        assertRefused(client.call("GET", "/api/me", member(first, "access_token")));

        String used = member(first, "refresh_token");
        HttpResponse<String> next = client.post("/api/refresh", "refresh_token", used);
        assertThat(client.call("POST", "/api/visits", member(next, "access_token"))
                        .body())
                .contains("{\"visits\":2}");
        HttpResponse<String> repeated = client.post("/api/refresh", "refresh_token", used);
        assertThat(member(repeated, "refresh_token")).isEqualTo(member(next, "refresh_token"));
    }

    @Test
    void a_refresh_token_that_is_used_again_later_ends_the_session() {
        HttpResponse<String> first = login("Ada");
        String used = member(first, "refresh_token");
        CLOCK.advance(Duration.ofMinutes(1));
        HttpResponse<String> next = client.post("/api/refresh", "refresh_token", used);
        CLOCK.advance(Duration.ofMinutes(1));
        assertRefused(client.post("/api/refresh", "refresh_token", used));
        assertRefused(client.call("GET", "/api/me", member(next, "access_token")));
        assertRefused(client.post("/api/refresh", "refresh_token", member(next, "refresh_token")));
    }

    @Test
    void signing_out_ends_the_tokens() {
        HttpResponse<String> tokens = login("Ada");
        String access = member(tokens, "access_token");
        assertThat(client.call("POST", "/api/logout", access).body()).contains("{\"ended\":true}");
        assertRefused(client.call("GET", "/api/me", access));
        assertRefused(client.call("POST", "/api/visits", access));
        assertRefused(client.post("/api/refresh", "refresh_token", member(tokens, "refresh_token")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/me",
                "POST /api/visits",
                "GET /api/sessions",
                "POST /api/sessions/end",
                "POST /api/logout"
            })
    void a_request_without_a_token_or_with_a_forged_one_is_refused(String request) {
        String[] parts = request.split(" ", 2);
        assertRefused(parts[0].equals("GET") ? client.get(parts[1]) : client.post(parts[1]));
        assertRefused(client.call(parts[0], parts[1], "forged"));
    }

    @Test
    void errors_are_json() {
        for (String name : new String[] {"", "x".repeat(41), "a\nb"}) {
            HttpResponse<String> invalid = client.post("/api/login", "name", name);
            assertThat(invalid.statusCode()).isEqualTo(422);
            assertThat(invalid.body()).startsWith("{\"error\":");
        }
        assertThat(client.get("/api/nothing").statusCode()).isEqualTo(404);
        assertThat(client.get("/api/nothing").body()).startsWith("{\"error\":");
        assertThat(client.get("/api/login").statusCode()).isEqualTo(405);
    }

    // ---- browsers and programs together

    @Test
    void one_list_shows_browsers_and_programs_and_each_ends_the_other() {
        client.submit("/account/sign-in", "name", "Grace");
        String access = accessToken("Grace");
        assertThat(client.get("/devices").body())
                .contains("<strong>Grace</strong>, 2 sessions", "this device", "End session<");

        HttpResponse<String> sessions = client.call("GET", "/api/sessions", access);
        assertThat(sessions.body()).contains("\"current\":true", "\"current\":false", "\"endsAt\":\"");
        String browser = Pattern.compile("\"publicId\":\"([^\"]+)\",\"current\":false")
                .matcher(sessions.body())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        assertThat(client.call("POST", "/api/sessions/end", access, "publicId", browser)
                        .body())
                .contains("{\"ended\":true}");
        assertThat(client.get("/account").body()).contains("You are not signed in.");
        assertThat(client.call("POST", "/api/sessions/end", access, "publicId", browser)
                        .body())
                .contains("{\"ended\":false}");

        client.submit("/account/sign-in", "name", "Grace");
        client.submit("/devices/end-others");
        assertRefused(client.call("GET", "/api/me", access));
        assertThat(client.get("/account").body()).contains("Signed in as Grace");
    }

    @Test
    void a_cookie_is_no_credential_of_the_api_and_a_token_is_none_of_the_pages() {
        client.submit("/account/sign-in", "name", "Ada");
        assertRefused(client.get("/api/me"));
        String access = accessToken("Mallory");
        client.cookies.remove(COOKIE);
        assertThat(client.call("GET", "/account", access).body()).contains("You are not signed in.");
    }

    @Test
    void a_script_gets_the_refresh_token_in_a_cookie() {
        HttpResponse<String> login = client.post("/api/browser/login", "name", "Ada");
        assertThat(login.body()).contains("\"access_token\":").doesNotContain("refresh_token");
        assertThat(login.headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith(REFRESH_COOKIE + "=")
                        .contains("HttpOnly", "Secure", "SameSite=Strict", "Path=/"));
        String first = client.cookies.get(REFRESH_COOKIE);
        CLOCK.advance(Duration.ofMinutes(1));
        HttpResponse<String> next = client.post("/api/browser/refresh");
        assertThat(client.cookies.get(REFRESH_COOKIE)).isNotEqualTo(first);
        String access = member(next, "access_token");
        assertThat(member(client.call("GET", "/api/me", access), "user")).isEqualTo("Ada");

        client.call("POST", "/api/logout", access);
        assertThat(client.cookies).doesNotContainKey(REFRESH_COOKIE);
        assertRefused(client.post("/api/browser/refresh"));
    }

    // ---- the page

    @Test
    void the_page_runs_no_script_but_its_own() {
        HttpResponse<String> page = client.get("/tokens");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.body()).containsOnlyOnce("<script").doesNotContain(" onclick", " style=");
        HttpResponse<String> script = client.get("/assets/tokens.js");
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/javascript");
    }

    @Test
    void the_commands_of_the_page_work() throws Exception {
        client.submit("/account/sign-in", "name", "Ada");
        String browser = client.get("/identity").body().replaceFirst("(?s).*<dd><code>([^<]+)</code>.*", "$1");
        String script = COMMAND.matcher(client.get("/tokens").body().replaceFirst("(?s)<h2 id=\"requests\">.*", ""))
                .results()
                .map(command -> command.group(1).replace("publicId=…", "publicId=" + browser))
                .collect(Collectors.joining("\n"));
        Process shell =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        List<String> statuses = Pattern.compile("HTTP/1.1 ([0-9]{3})")
                .matcher(output)
                .results()
                .map(line -> line.group(1))
                .toList();
        assertThat(statuses).as(script).containsExactly("200", "200", "200", "200", "200", "401");
        assertThat(output).contains("\"user\":\"Ada\"", "{\"visits\":1}", browser, "{\"ended\":true}");
        assertThat(client.get("/account").body()).contains("You are not signed in.");
    }

    // ---- the journal

    @Test
    void the_journal_shows_the_api_requests_of_a_browser_without_its_token() {
        client.get("/tokens");
        String access = accessToken("Ada");
        client.call("GET", "/api/me", access);
        String journal = client.get("/journal").body();
        assertThat(journal)
                .contains("GET /api/me", "Authorization: Bearer " + access.substring(0, 6) + "… (")
                .doesNotContain(access.substring(0, 12));
    }

    @Test
    void programs_get_no_cookie_of_the_journal() {
        client.call("GET", "/api/me", accessToken("Ada"));
        client.get("/api/nothing");
        assertThat(Map.copyOf(client.cookies)).isEmpty();
    }
}
