package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** A CSRF token in the field of a form, at a path that requires one. */
class CsrfFormTest {
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> post(Site site, String path, String cookie, String form) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.port() + path))
                .header("Cookie", "__Host-id=" + cookie)
                .header("User-Agent", "Mozilla/5.0")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void a_form_is_accepted_with_one_token_in_its_body() throws Exception {
        try (Site site = Site.configured(c -> c.csrf(k -> k.requireToken("/pay", "/drop-in")))) {
            site.setPage("/form", (request, response) -> {
                Sojourn.session(request).login("alice");
                response.getWriter().print(Sojourn.session(request).csrfToken());
            });
            site.setPage("/pay", (request, response) -> {
                Sojourn.requireCsrfToken(request);
                response.getWriter()
                        .print(Sojourn.session(request).subject() + " pays " + request.getParameter("amount"));
            });
            site.setPage(
                    "/drop-in",
                    (request, response) ->
                            response.getWriter().print(request.getSession().getAttribute("a")));
            Browser browser = site.browser();
            String token = browser.get("/form").text();
            String cookie = String.valueOf(browser.cookie());

            assertThat(post(site, "/pay", cookie, "amount=5&_csrf=" + token).body())
                    .isEqualTo("alice pays 5");
            for (String form : new String[] {
                "amount=5",
                "amount=5&_csrf=",
                "amount=5&_csrf=" + token + "&_csrf=" + token,
                "_csrf=" + token.substring(1)
            }) {
                assertThat(post(site, "/pay", cookie, form).statusCode())
                        .as(form)
                        .isEqualTo(403);
            }
            for (String query : new String[] {"_csrf=" + token, "%5fcsrf=" + token}) {
                assertThat(post(site, "/pay?" + query, cookie, "amount=5").statusCode())
                        .as(query)
                        .isIn(400, 403);
            }
            site.store.reset();
            assertThat(post(site, "/drop-in", cookie, "a=b").statusCode())
                    .as("a page that uses its HttpSession without a token")
                    .isEqualTo(403);
            assertThat(site.store.calls()).isEmpty();
        }
    }
}
