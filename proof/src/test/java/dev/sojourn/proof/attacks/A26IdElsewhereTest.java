package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A token that arrives anywhere but in its cookie, where links, logs and other sites could put or find it. */
class A26IdElsewhereTest {
    @Test
    void a_token_or_id_in_the_path_the_query_or_another_header_is_ignored() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            site.serveEveryPath((session, exchange) -> String.valueOf(session.get("a", Object.class)));
            for (String secret : List.of(token, ForgedTokens.id(token))) {
                for (String path : List.of(
                        "/read;jsessionid=" + secret,
                        "/read;__Host-id=" + secret,
                        "/" + secret + "/read",
                        "/read?id=" + secret,
                        "/read?__Host-id=" + secret,
                        "/read?jsessionid=" + secret)) {
                    assertIgnored(site, path);
                }
                for (String header : List.of(
                        "X-Session: " + secret,
                        "X-Auth-Token: " + secret,
                        "__Host-id: " + secret,
                        "Authorization: Bearer " + secret,
                        "Cookie2: __Host-id=" + secret,
                        "Set-Cookie: __Host-id=" + secret)) {
                    assertIgnored(site, "/read", header);
                }
            }
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_token_or_id_in_the_body_is_ignored() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            for (String secret : List.of(token, ForgedTokens.id(token))) {
                for (String field : List.of("__Host-id", "jsessionid", "id")) {
                    String body = field + "=" + secret;
                    RawResponse response = site.request(
                            "POST",
                            "/read",
                            "localhost",
                            "Content-Type: application/x-www-form-urlencoded",
                            "Content-Length: " + body.length(),
                            "",
                            body);
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.body()).isEqualTo("null");
                    assertThat(response.cookies()).isEmpty();
                    assertThat(site.store().calls()).isEmpty();
                }
            }
        }
    }

    private static void assertIgnored(Site site, String path, String... headers) {
        RawResponse response = site.get(path, headers);
        assertThat(response.status()).as(path).isEqualTo(200);
        assertThat(response.body()).as("%s %s", path, List.of(headers)).isEqualTo("null");
        assertThat(response.cookies()).isEmpty();
        assertThat(site.store().calls()).isEmpty();
    }
}
