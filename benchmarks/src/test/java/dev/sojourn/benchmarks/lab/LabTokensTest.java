package dev.sojourn.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the lab with access tokens and refresh tokens on each adapter, in its own process. Each test has its own client. */
@ParameterizedClass
@MethodSource("dev.sojourn.benchmarks.lab.LabTest#adapters")
class LabTokensTest {
    @SuppressWarnings("NullAway.Init") // started before the first test
    private static LabProcess lab;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before each class of tests
    private String adapter;

    private final LabClient client = new LabClient();

    @BeforeParameterizedClassInvocation
    static void start(String adapter) throws IOException {
        lab = LabProcess.start("--adapter", adapter, "--store", "tokens");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        lab.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.get(lab.address(), path);
    }

    private HttpResponse<String> post(String path) throws Exception {
        return client.post(lab.address(), path);
    }

    private void assertOk(HttpResponse<String> response, String body) {
        assertThat(response.statusCode()).as(adapter).isEqualTo(200);
        assertThat(response.body()).isEqualTo(body);
    }

    private void assertRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(adapter).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer"));
    }

    /** Sends a request without a token, and the access token of its response with all later requests. */
    private LabTokens issue(String path) throws Exception {
        client.bearer = null;
        LabTokens tokens = LabTokens.in(post(path));
        client.bearer = tokens.access();
        return tokens;
    }

    @Test
    void login_issues_tokens_and_the_access_token_uses_the_session() throws Exception {
        issue("/login?user=alice");
        assertOk(get("/whoami"), "alice");
        assertOk(get("/get?k=user"), "alice");
        assertOk(get("/read"), "");
        assertOk(get("/view"), "1");
        assertOk(get("/view"), "2");
        assertOk(get("/read"), "2");
        assertOk(post("/incr?k=n"), "1");
        assertOk(post("/incr?k=n"), "2");
        assertOk(post("/set?k=name&v=J%C3%BCrgen"), "ok");
        assertOk(post("/slowset?k=slow&v=1&ms=1"), "ok");
        assertOk(get("/get?k=name"), "Jürgen");
    }

    @Test
    void requests_without_a_token_have_no_session() throws Exception {
        for (String path : List.of("/read", "/view", "/get?k=a")) {
            assertRefused(get(path));
        }
        for (String path : List.of("/set?k=a&v=b", "/slowset?k=a&v=b&ms=0", "/incr?k=n", "/logout")) {
            assertRefused(post(path));
        }
        assertOk(get("/whoami"), "");
        assertOk(get("/bare"), "ok");
        assertOk(get("/plain"), "ok");
    }

    @Test
    void a_token_that_does_not_count_is_refused_where_it_is_used() throws Exception {
        String access = issue("/login?user=alice").access();
        client.bearer = access.substring(1);
        assertRefused(get("/whoami"));
        assertRefused(get("/read"));
        assertOk(get("/plain"), "ok");
    }

    @Test
    void seed_is_a_session_of_four_attributes() throws Exception {
        issue("/seed?user=bob");
        assertOk(get("/whoami"), "bob");
        assertOk(get("/get?k=user"), "bob");
        assertOk(get("/get?k=theme"), "dark");
        assertOk(get("/get?k=locale"), "en_GB");
        assertOk(get("/get?k=cart"), "17");
    }

    @Test
    void refresh_issues_the_next_tokens_of_the_same_session() throws Exception {
        LabTokens first = issue("/login?user=alice");
        assertOk(get("/view"), "1");
        LabTokens second = LabTokens.in(post("/refresh?refresh_token=" + first.refresh()));
        assertThat(second.access()).isNotEqualTo(first.access());
        client.bearer = second.access();
        assertOk(get("/view"), "2");

        assertThat(LabTokens.in(post("/refresh?refresh_token=" + first.refresh()))
                        .refresh())
                .as("a repeated request gets the same successor")
                .isEqualTo(second.refresh());
        assertRefused(post("/refresh?refresh_token=forged"));
    }

    @Test
    void logout_ends_the_session_and_its_tokens() throws Exception {
        LabTokens tokens = issue("/login?user=alice");
        assertOk(post("/logout"), "ok");
        assertRefused(get("/whoami"));
        assertRefused(get("/read"));
        assertRefused(post("/refresh?refresh_token=" + tokens.refresh()));
    }

    @Test
    void revoke_ends_the_session_of_a_token() throws Exception {
        LabTokens tokens = issue("/login?user=alice");
        assertOk(post("/revoke?token=unknown"), "ok");
        assertOk(get("/whoami"), "alice");
        assertOk(post("/revoke?token=" + tokens.refresh()), "ok");
        assertRefused(get("/whoami"));
        assertRefused(post("/refresh?refresh_token=" + tokens.refresh()));
    }
}
