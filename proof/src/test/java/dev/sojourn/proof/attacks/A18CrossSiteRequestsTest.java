package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.CrossSiteOutcome;
import dev.sojourn.SessionListener.CrossSiteReason;
import dev.sojourn.SessionListener.CrossSiteRequest;
import dev.sojourn.Transports;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.TokenSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that pages of other sites make a signed-in visitor's browser send. {@code CrossSiteDecisionTest} of the core has the
 * complete table of headers; here its rows are requests over a socket.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class A18CrossSiteRequestsTest {
    private static final String HOST = "shop.example";
    private static final String BROWSER = "User-Agent: Mozilla/5.0";
    private static final String CROSS_SITE = "Sec-Fetch-Site: cross-site";

    private final Site site = pages(Site.onTwoNodes(c -> c.cookie(k -> k.insecureHttp())
            .csrf(k ->
                    k.trustedOrigin("https://app.shop.example").exempt("/hooks").checkWithoutCookie("/sign-in"))));

    private String cookie = "";

    private static Site pages(Site site) {
        return site.addPage("/form", (session, exchange) -> session.csrfToken())
                .addPage("/checked", (session, exchange) -> {
                    String token = exchange.getRequestHeaders().getFirst("Field");
                    session.requireCsrfToken(token);
                    return String.valueOf(session.subject());
                })
                .addPage("/hooks", (session, exchange) -> "hooked")
                .addPage("/empty", (session, exchange) -> "")
                .addPage("/sign-in", (session, exchange) -> {
                    session.login("mallory");
                    return "ok";
                });
    }

    /** Signs a user in and returns the cookie header of the client. */
    private static String signIn(Site site) {
        RawResponse response = site.get("/login?alice");
        String line = response.cookies().get(0);
        site.store().clearCalls();
        site.listener().clear();
        return "Cookie: " + line.substring(0, line.indexOf(';'));
    }

    @BeforeAll
    void signIn() {
        cookie = signIn(site);
    }

    @AfterAll
    void close() {
        site.close();
    }

    private static String[] and(String[] headers, String... more) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private RawResponse send(String method, String path, String... headers) {
        site.store().clearCalls();
        site.listener().clear();
        return site.request(method, path, HOST, and(headers, cookie));
    }

    private void assertRefused(CrossSiteReason reason, String method, String path, String... headers) {
        RawResponse response = send(method, path, headers);
        assertThat(response.status())
                .as("%s %s %s", method, path, List.of(headers))
                .isEqualTo(403);
        assertThat(response.cookies()).isEmpty();
        assertThat(site.store().calls()).isEmpty();
        CrossSiteRequest event = (CrossSiteRequest)
                site.listener().single("crossSiteRequest").details().get(0);
        assertThat(site.listener().names()).containsExactly("crossSiteRequest");
        assertThat(event.reason()).isEqualTo(reason);
        assertThat(event.outcome()).isEqualTo(CrossSiteOutcome.REFUSED);
        assertThat(event.method()).isEqualTo(method);
        assertThat(event.remoteAddress()).isEqualTo("127.0.0.1");
    }

    private void assertServed(String method, String path, String... headers) {
        RawResponse response = send(method, path, headers);
        assertThat(response.status())
                .as("%s %s %s", method, path, List.of(headers))
                .isEqualTo(200);
        assertThat(site.listener().names()).doesNotContain("crossSiteRequest");
    }

    // ---- the table

    @ParameterizedTest
    @CsvSource({
        "cross-site, https://evil.example,               FETCH_SITE",
        "cross-site, http://shop.example,                FETCH_SITE",
        "cross-site, '',                                 FETCH_SITE",
        "same-site,  https://other.shop.example,         FETCH_SITE",
        "same-site,  null,                               FETCH_SITE",
        "'',         https://evil.example,               ORIGIN",
        "later-value, https://evil.example,              ORIGIN",
        "'',         null,                               ORIGIN",
        "'',         https://shop.example,               ORIGIN",
        "'',         http://shop.example:8080,           ORIGIN",
        "'',         http://shop.example.attacker.com,   ORIGIN",
        "'',         http://user@shop.example,           ORIGIN",
        "'',         http://shop.example.,               ORIGIN",
        "'',         http://SHOP.example,                ORIGIN",
    })
    void a_request_of_another_origin_is_refused(String fetchSite, String origin, CrossSiteReason reason) {
        List<String> headers = new ArrayList<>(List.of(BROWSER));
        if (!fetchSite.isEmpty()) {
            headers.add("Sec-Fetch-Site: " + fetchSite);
        }
        if (!origin.isEmpty()) {
            headers.add("Origin: " + origin);
        }
        assertRefused(reason, "POST", "/logout", headers.toArray(String[]::new));
    }

    @Test
    void a_referer_of_another_origin_and_no_evidence_at_all_are_refused() {
        assertRefused(CrossSiteReason.REFERER, "POST", "/logout", BROWSER, "Referer: https://evil.example/page");
        assertRefused(CrossSiteReason.REFERER, "POST", "/logout", "Referer: http://shop.example@evil.example/");
        assertRefused(CrossSiteReason.NO_EVIDENCE, "POST", "/logout", BROWSER);
        assertRefused(
                CrossSiteReason.ORIGIN,
                "POST",
                "/logout",
                "Origin: http://shop.example",
                "Origin: http://shop.example");
    }

    @Test
    void requests_of_own_pages_of_trusted_origins_of_the_user_and_of_programs_are_served() {
        assertServed("POST", "/subject", BROWSER, "Sec-Fetch-Site: same-origin", "Origin: null");
        assertServed("POST", "/subject", BROWSER, "Sec-Fetch-Site: none");
        assertServed("POST", "/subject", BROWSER, CROSS_SITE, "Origin: https://app.shop.example");
        assertServed("POST", "/subject", BROWSER, "Origin: https://app.shop.example");
        assertServed("POST", "/subject", BROWSER, "Origin: http://shop.example");
        assertServed(
                "POST",
                "/subject",
                BROWSER,
                "Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: same-origin",
                "Origin: http://shop.example:80");
        assertServed("POST", "/subject", BROWSER, "Referer: http://shop.example/form");
        assertServed("POST", "/subject");
        assertServed("POST", "/subject", "User-Agent: curl/8.5.0");
    }

    // ---- methods

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "PROPFIND", "get", "Get", "QUERY", "X"})
    void every_method_that_is_not_known_to_be_safe_is_checked(String method) {
        assertRefused(CrossSiteReason.FETCH_SITE, method, "/logout", CROSS_SITE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE"})
    void a_link_from_another_site_opens_a_page(String method) {
        assertThat(send(method, "/empty", CROSS_SITE, BROWSER).status()).isNotEqualTo(403);
        assertThat(site.listener().names()).isEmpty();
    }

    @Test
    void the_method_that_was_sent_counts_whatever_is_said_to_override_it() {
        assertRefused(CrossSiteReason.FETCH_SITE, "POST", "/logout?_method=GET", CROSS_SITE);
        assertRefused(CrossSiteReason.FETCH_SITE, "POST", "/logout", CROSS_SITE, "X-HTTP-Method-Override: GET");
        assertRefused(CrossSiteReason.FETCH_SITE, "POST", "/logout", CROSS_SITE, "Content-Type: text/plain");
        assertRefused(
                CrossSiteReason.FETCH_SITE,
                "POST",
                "/logout",
                CROSS_SITE,
                "Sec-Fetch-Mode: navigate",
                "Sec-Fetch-Dest: document",
                "Sec-Fetch-User: ?1");
    }

    @Test
    void a_websocket_handshake_of_another_site_is_refused_although_it_is_a_get() {
        String origin = "Origin: https://evil.example";
        for (String upgrade : List.of("websocket", "WebSocket", "h2c, websocket")) {
            assertRefused(CrossSiteReason.ORIGIN, "GET", "/untouched", "Upgrade: " + upgrade, origin);
        }
        assertRefused(CrossSiteReason.FETCH_SITE, "GET", "/untouched", "Upgrade: websocket", CROSS_SITE);
        assertServed("GET", "/untouched", "Upgrade: websocket", "Origin: http://shop.example", BROWSER);
        assertServed("GET", "/untouched", "Upgrade: h2c", origin);
    }

    // ---- which requests

    @Test
    void a_cookie_with_our_name_is_enough_whatever_its_value_is() {
        String own = cookie;
        try {
            cookie = "Cookie: a=b; " + own.substring("Cookie: ".length()) + "x";
            assertRefused(CrossSiteReason.FETCH_SITE, "POST", "/logout", CROSS_SITE);
            cookie = "Cookie: a=b; id=";
            assertRefused(CrossSiteReason.FETCH_SITE, "POST", "/logout", CROSS_SITE);
            cookie = "Cookie: other=1; idx=2";
            assertServed("POST", "/untouched", CROSS_SITE);
            cookie = "Authorization: Bearer abc";
            assertServed("POST", "/untouched", CROSS_SITE, "Origin: https://evil.example");
        } finally {
            cookie = own;
        }
    }

    @Test
    void the_cookie_of_a_remembered_browser_is_enough_too() {
        try (Site remembering = pages(
                Site.onTwoNodes(c -> c.rememberMe(r -> r.cookieName("stay")).cookie(k -> k.insecureHttp())))) {
            for (String[] request : new String[][] {{"POST", "Accept: *"}, {"GET", "Upgrade: websocket"}}) {
                RawResponse refused = remembering.request(
                        request[0], "/empty", HOST, CROSS_SITE, request[1], "Cookie: stay=whatever");
                assertThat(refused.status()).as(request[0]).isEqualTo(403);
            }
            assertThat(remembering.store().calls()).isEmpty();
        }
    }

    @Test
    void another_site_can_sign_its_visitors_in_unless_the_path_is_checked_without_a_cookie() {
        String own = cookie;
        try {
            cookie = "Accept: */*";
            assertRefused(CrossSiteReason.FETCH_SITE, "POST", "/sign-in", CROSS_SITE);
            assertRefused(CrossSiteReason.FETCH_SITE, "POST", "/x/../SIGN-IN;v=1", CROSS_SITE);
            assertServed("POST", "/sign-in");
        } finally {
            cookie = own;
        }
    }

    @Test
    void an_exempt_path_is_served_in_its_plain_spelling_alone() {
        assertServed("POST", "/hooks", CROSS_SITE);
        for (String path : List.of(
                "/hooks/../logout",
                "/hooks/%2e%2e/logout",
                "/hooks/..;/logout",
                "/hooks;v=1",
                "/hooks/%2E%2E%2flogout",
                "/Hooks",
                "/hookshop",
                "/logout/hooks")) {
            assertRefused(CrossSiteReason.FETCH_SITE, "POST", path, CROSS_SITE);
        }
    }

    @Test
    void bearer_tokens_and_headers_are_never_checked() {
        try (Site bearer =
                pages(Site.onTwoNodes(c -> c.transport(Transports.bearer(), Transports.header("X-Session"))))) {
            RawResponse response = bearer.request(
                    "POST",
                    "/untouched",
                    HOST,
                    CROSS_SITE,
                    "Origin: https://evil.example",
                    "X-Session: abc",
                    "Authorization: Bearer abc",
                    "Cookie: id=1; __Host-id=2");
            assertThat(response.status()).isEqualTo(200);
        }
    }

    @Test
    void sealed_sessions_and_refresh_cookies_are_protected_too() {
        try (SealedSite sealed = new SealedSite(c -> c.logoutOnlyClearsTheCookie());
                TokenSite tokens = new TokenSite()) {
            assertThat(sealed.get("/any", "Cookie: __Host-id=x", "Upgrade: websocket", CROSS_SITE)
                            .status())
                    .isEqualTo(403);
            assertThat(sealed.listener().names()).containsExactly("crossSiteRequest");
            assertThat(sealed.get("/any", "Upgrade: websocket", CROSS_SITE).status())
                    .isNotEqualTo(403);

            String refresh = tokens.get("/login-in-cookie?alice").token();
            tokens.store().clearCalls();
            RawResponse response =
                    tokens.get("/refresh-from-cookie", TokenSite.cookie(refresh), "Upgrade: websocket", CROSS_SITE);
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.cookies()).isEmpty();
            assertThat(tokens.store().calls()).isEmpty();
            assertThat(tokens.get(
                                    "/refresh-from-cookie",
                                    TokenSite.cookie(refresh),
                                    "Upgrade: websocket",
                                    "Sec-Fetch-Site: same-origin")
                            .status())
                    .isEqualTo(200);
            assertThat(tokens.get("/view", "Authorization: Bearer abc", "Upgrade: websocket", CROSS_SITE)
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void a_refused_request_costs_no_store_call_even_where_every_request_loads_its_session() {
        for (Site each : List.of(
                Site.onTwoNodes(c -> c.cookie(k -> k.insecureHttp()).rolling()),
                Site.onTwoNodes(c -> c.cookie(k -> k.insecureHttp()).resave()),
                Site.onTwoNodes(c -> c.cookie(k -> k.insecureHttp()).saveUninitialized()),
                Site.onTwoNodes(c -> c.cookie(k -> k.insecureHttp()).exclusive("/")),
                Site.onTwoNodes(c -> c.cookie(k -> k.insecureHttp()).touchOnEveryRequest()))) {
            try (Site every = each) {
                String client = signIn(every);
                assertThat(every.request("POST", "/logout", HOST, CROSS_SITE, client)
                                .status())
                        .isEqualTo(403);
                assertThat(every.request("POST", "/logout", HOST, CROSS_SITE, "Cookie: id=x")
                                .cookies())
                        .isEmpty();
                assertThat(every.store().calls()).isEmpty();
            }
        }
    }

    // ---- the own origin

    @Test
    void the_own_origin_is_the_one_that_trusted_proxies_report() {
        try (Site proxied = pages(Site.onTwoNodes(c -> c.trustedProxies("127.0.0.1")))) {
            String client = Site.cookie("x");
            String[] forwarded = {client, "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example, shop.example"};
            assertThat(status(proxied, and(forwarded, "Origin: https://shop.example")))
                    .isEqualTo(200);
            assertThat(status(proxied, and(forwarded, "Origin: https://backend:8080")))
                    .isEqualTo(403);
            assertThat(status(proxied, and(forwarded, "Origin: http://shop.example")))
                    .isEqualTo(403);
            assertThat(status(proxied, and(forwarded, "Origin: https://evil.example")))
                    .isEqualTo(403);
            assertThat(status(
                            proxied,
                            client,
                            "Forwarded: proto=https;host=\"shop.example\"",
                            "Origin: https://shop.example"))
                    .isEqualTo(200);
            assertThat(status(proxied, client, "X-Forwarded-Proto: https", "Origin: https://backend:8080"))
                    .isEqualTo(200);
        }
    }

    @Test
    void forwarded_headers_of_anybody_else_do_not_change_the_own_origin() {
        assertRefused(
                CrossSiteReason.ORIGIN,
                "POST",
                "/logout",
                "Origin: https://evil.example",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: https",
                "Forwarded: proto=https;host=evil.example");
    }

    @Test
    void a_configured_own_origin_counts_whatever_the_request_names() {
        try (Site configured = pages(Site.onTwoNodes(c -> c.csrf(k -> k.ownOrigin("https://shop.example"))))) {
            String client = Site.cookie("x");
            assertThat(status(configured, client, "Origin: https://shop.example"))
                    .isEqualTo(200);
            assertThat(status(configured, client, "Origin: http://backend:8080"))
                    .isEqualTo(403);
        }
    }

    private static int status(Site site, String... headers) {
        return site.request("POST", "/untouched", "backend:8080", headers).status();
    }

    // ---- tokens

    private String token() {
        return site.request("GET", "/form", HOST, cookie).body();
    }

    @Test
    void a_token_in_the_header_shows_what_an_old_browser_does_not() {
        String token = token();
        assertServed("POST", "/subject", BROWSER, "X-CSRF-Token: " + token);
        assertServed("POST", "/subject", BROWSER, "x-csrf-token: " + token(), "Origin: null");
        assertRefused(CrossSiteReason.FETCH_SITE, "POST", "/logout", CROSS_SITE, "X-CSRF-Token: " + token);
        assertRefused(
                CrossSiteReason.ORIGIN, "POST", "/logout", "Origin: https://evil.example", "X-CSRF-Token: " + token);

        for (String wrong : List.of(
                token.substring(1),
                token.substring(0, 85),
                token + "A",
                token + ", " + token,
                "",
                "null",
                "A".repeat(86))) {
            assertRefused(CrossSiteReason.TOKEN, "POST", "/logout", BROWSER, "X-CSRF-Token: " + wrong);
        }
        assertRefused(
                CrossSiteReason.TOKEN, "POST", "/logout", BROWSER, "X-CSRF-Token: " + token, "X-CSRF-Token: " + token);
        assertRefused(CrossSiteReason.NO_EVIDENCE, "POST", "/logout?_csrf=" + token, BROWSER);
        assertRefused(CrossSiteReason.NO_EVIDENCE, "POST", "/logout;_csrf=" + token, BROWSER);
    }

    @Test
    void a_token_ends_with_the_id_of_its_session() {
        for (String change : List.of("/change-id", "/login?alice", "/login?bob", "/regenerate")) {
            try (Site own = pages(Site.onTwoNodes())) {
                String before = own.get("/login?alice").token();
                String token = own.getAs(before, "/form").body();
                String after = own.getAs(before, change).token();

                assertThat(checked(own, before, token).status()).isEqualTo(200);
                assertThat(checked(own, after, token).status()).as(change).isEqualTo(403);
                assertThat(checked(own, after, own.getAs(after, "/form").body()).status())
                        .as(change)
                        .isEqualTo(200);
            }
        }
    }

    private static RawResponse checked(Site site, String client, String token) {
        return site.request("POST", "/checked", "localhost:" + site.port(), Site.cookie(client), "Field: " + token);
    }

    @Test
    void a_handler_can_require_a_token_in_a_form_field() {
        assertThat(send("POST", "/checked", "Field: " + token()).body()).isEqualTo("alice");
        for (String field : List.of("Field:", "Field: x", "Other: " + token())) {
            assertRefused(CrossSiteReason.TOKEN, "POST", "/checked", field);
        }
        try (Site other = pages(Site.onTwoNodes())) {
            String client = other.get("/login?alice").token();
            String foreign = other.getAs(client, "/form").body();
            assertRefused(CrossSiteReason.TOKEN, "POST", "/checked", "Field: " + foreign);
        }
        assertThat(site.request("POST", "/checked", HOST, "Field: " + token()).status())
                .as("a client without a session")
                .isEqualTo(403);
    }

    @Test
    void a_visitor_without_a_session_gets_one_with_the_token() {
        try (Site own = pages(Site.onTwoNodes())) {
            RawResponse form = own.get("/form");
            assertThat(checked(own, form.token(), form.body()).body()).isEqualTo("null");
            assertThat(own.store().calls()).filteredOn("create"::equals).hasSize(1);
        }
    }

    @Test
    void a_path_can_require_a_token_in_the_header_or_in_a_form() {
        try (Site strict =
                pages(Site.onTwoNodes(c -> c.csrf(k -> k.requireToken("/checked", "/subject", "/untouched"))))) {
            String client = strict.get("/login?alice").token();
            String token = strict.getAs(client, "/form").body();
            String host = "localhost:" + strict.port();
            String sameOrigin = "Sec-Fetch-Site: same-origin";
            String id = Site.cookie(client);
            strict.listener().clear();
            strict.store().clearCalls();

            assertThat(checked(strict, client, token).body()).isEqualTo("alice");
            assertThat(strict.request("POST", "/checked", host, id, BROWSER, "Field: " + token)
                            .status())
                    .isEqualTo(200);
            assertThat(strict.request("POST", "/subject", host, id, sameOrigin, "X-CSRF-Token: " + token)
                            .body())
                    .isEqualTo("alice");
            assertThat(strict.request("GET", "/subject", host, id, BROWSER).body())
                    .isEqualTo("alice");
            assertThat(strict.listener().names()).isEmpty();

            strict.store().clearCalls();
            assertThat(strict.request("POST", "/subject", host, id, sameOrigin).status())
                    .as("a handler that uses the session without a token")
                    .isEqualTo(403);
            assertThat(strict.request("POST", "/subject", host, id, sameOrigin, "X-CSRF-Token: x")
                            .status())
                    .isEqualTo(403);
            assertThat(strict.request("POST", "/checked", host, id, CROSS_SITE, "Field: " + token)
                            .status())
                    .isEqualTo(403);
            assertThat(strict.listener().names())
                    .containsExactly("crossSiteRequest", "crossSiteRequest", "crossSiteRequest");
            assertThat(strict.request("POST", "/untouched", host, id, sameOrigin)
                            .status())
                    .as("a handler that does not use the session")
                    .isEqualTo(200);
            assertThat(strict.store().calls()).isEmpty();
        }
    }

    @Test
    void a_path_can_require_a_user_and_a_token_in_a_form() {
        try (Site strict = pages(Site.onTwoNodes(
                c -> c.requireSignIn("/checked", "/subject").csrf(k -> k.requireToken("/checked", "/subject"))))) {
            String client = strict.get("/login?alice").token();
            String token = strict.getAs(client, "/form").body();

            assertThat(checked(strict, client, token).body()).isEqualTo("alice");
            assertThat(checked(strict, client, "x").status()).isEqualTo(403);
            assertThat(strict.request("POST", "/subject", "localhost:" + strict.port(), Site.cookie(client))
                            .status())
                    .isEqualTo(403);
            String visitor = strict.get("/set?a").token();
            assertThat(checked(strict, visitor, token).status()).isEqualTo(401);
        }
    }

    @Test
    void a_token_of_a_sealed_session_counts_for_that_session_alone() {
        try (SealedSite sealed = new SealedSite(c -> c.logoutOnlyClearsTheCookie())) {
            sealed.addPage("/start", (session, exchange) -> {
                session.login("alice");
                return session.csrfToken();
            });
            sealed.addPage("/checked", (session, exchange) -> {
                session.requireCsrfToken(exchange.getRequestHeaders().getFirst("Field"));
                return String.valueOf(session.subject());
            });
            RawResponse one = sealed.get("/start");
            RawResponse two = sealed.get("/start");

            assertThat(sealed.get("/checked", Site.cookie(one.token()), "Field: " + one.body())
                            .body())
                    .isEqualTo("alice");
            assertThat(sealed.get("/checked", Site.cookie(two.token()), "Field: " + one.body())
                            .status())
                    .isEqualTo(403);
            assertThat(sealed.get("/checked", Site.cookie(one.token()), "Field: " + one.token())
                            .status())
                    .as("the cookie is no token")
                    .isEqualTo(403);
            assertThat(sealed.get("/checked", Site.cookie(one.body())).status())
                    .as("the token is no cookie")
                    .isEqualTo(403);
            assertThat(sealed.get(
                                    "/checked",
                                    Site.cookie(one.token()),
                                    "Upgrade: websocket",
                                    BROWSER,
                                    "X-CSRF-Token: " + one.body(),
                                    "Field: " + one.body())
                            .status())
                    .isEqualTo(200);
        }
    }

    // ---- reports

    @Test
    void a_report_tells_what_came_without_ids_and_parameters() {
        assertRefused(
                CrossSiteReason.ORIGIN,
                "POST",
                "/Logout;jsessionid=abc/%0d%0a?token=def",
                "Origin: https://evil.example");
        CrossSiteRequest event = (CrossSiteRequest)
                site.listener().single("crossSiteRequest").details().get(0);
        assertThat(event.path()).startsWith("/logout").doesNotContain("abc", "def", "\r", "\n");
        assertThat(event.origin()).isEqualTo("https://evil.example");

        assertRefused(CrossSiteReason.ORIGIN, "POST", "/logout", "Origin: <script>");
        event = (CrossSiteRequest)
                site.listener().single("crossSiteRequest").details().get(0);
        assertThat(event.origin()).isEmpty();
    }

    @Test
    void in_report_only_mode_everything_is_served_and_reported_and_the_log_names_it_once() {
        try (LogCapture logged = new LogCapture();
                Site reporting = pages(Site.onTwoNodes(c ->
                        c.cookie(k -> k.insecureHttp()).csrf(k -> k.reportOnly().requireToken("/subject"))))) {
            String client = signIn(reporting);
            for (int i = 0; i < 3; i++) {
                assertThat(reporting
                                .request("POST", "/subject", HOST, client, CROSS_SITE)
                                .body())
                        .isEqualTo("alice");
            }
            assertThat(reporting.request("POST", "/subject", HOST, client).body())
                    .isEqualTo("alice");
            assertThat(reporting
                            .request("POST", "/checked", HOST, client, "Field: x")
                            .body())
                    .isEqualTo("alice");

            assertThat(reporting.listener().all())
                    .filteredOn(event -> event.name().equals("crossSiteRequest"))
                    .extracting(event -> (CrossSiteRequest) event.details().get(0))
                    .allMatch(event -> event.outcome() == CrossSiteOutcome.REPORTED)
                    .extracting(CrossSiteRequest::reason)
                    .containsExactly(
                            CrossSiteReason.FETCH_SITE,
                            CrossSiteReason.FETCH_SITE,
                            CrossSiteReason.FETCH_SITE,
                            CrossSiteReason.TOKEN,
                            CrossSiteReason.TOKEN);
            assertThat(logged.sojournMessages())
                    .filteredOn(line -> line.contains("reportOnly") && line.contains("Sec-Fetch-Site"))
                    .isNotEmpty();
        }
    }

    @Test
    void the_protection_can_be_switched_off() {
        try (Site open =
                pages(Site.onTwoNodes(c -> c.cookie(k -> k.insecureHttp()).csrf(k -> k.off())))) {
            String client = signIn(open);
            assertThat(open.request("POST", "/subject", HOST, client, CROSS_SITE)
                            .body())
                    .isEqualTo("alice");
            assertThat(open.listener().names()).isEmpty();
            assertThat(open.request("POST", "/checked", HOST, client, "Field: x")
                            .status())
                    .as("a handler that requires a token itself")
                    .isEqualTo(403);
        }
    }

    @Test
    void the_log_says_what_to_do_if_the_page_was_the_applications_own() {
        try (LogCapture logged = new LogCapture()) {
            send("POST", "/logout", CROSS_SITE, "Origin: https://app2.shop.example");
            send("POST", "/logout", "Origin: https://shop.example");
            assertThat(logged.sojournMessages())
                    .anyMatch(line -> line.contains("https://app2.shop.example") && line.contains("trustedOrigin"))
                    .anyMatch(line -> line.contains("'http://shop.example'") && line.contains("trustedProxies"));
            assertThat(Set.copyOf(logged.sojournMessages())).noneMatch(line -> line.contains(cookie.substring(12)));
        }
    }
}
