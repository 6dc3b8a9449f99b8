package shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.resttestclient.TestRestTemplate;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureTestRestTemplate;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** Tests the application on its server. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureTestRestTemplate
@AutoConfigureRestTestClient
@AutoConfigureWebTestClient
@DirtiesContext
class ShopServerTests {
    private static final Pattern CSRF = Pattern.compile("name=['\"]_csrf['\"][^>]*value=['\"]([^'\"]+)");

    private TestRestTemplate rest;

    @Autowired
    private RestTestClient restClient;

    @Autowired
    private WebTestClient webClient;

    @Autowired
    void setRest(TestRestTemplate rest) {
        this.rest = rest.withRedirects(HttpRedirects.DONT_FOLLOW);
    }

    private static String session(HttpHeaders headers) {
        List<String> cookies = headers.getOrDefault(HttpHeaders.SET_COOKIE, List.of());
        return cookies.stream()
                .filter(each -> each.startsWith("SESSION="))
                .map(each -> each.replaceFirst(";.*", ""))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private static String csrf(String page) {
        Matcher found = CSRF.matcher(page);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private ResponseEntity<String> get(String path, String cookie) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.COOKIE, cookie);
        return rest.exchange(path, HttpMethod.GET, new HttpEntity<>(headers), String.class);
    }

    private ResponseEntity<String> post(String path, String cookie, String... form) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.COOKIE, cookie);
        headers.setContentType(MediaType.APPLICATION_FORM_URLENCODED);
        MultiValueMap<String, String> fields = new LinkedMultiValueMap<>();
        for (int i = 0; i < form.length; i += 2) {
            fields.add(form[i], form[i + 1]);
        }
        return rest.exchange(path, HttpMethod.POST, new HttpEntity<>(fields, headers), String.class);
    }

    @Test
    void signsInOverHttp() {
        ResponseEntity<String> form = rest.getForEntity("/login", String.class);
        String before = session(form.getHeaders());
        ResponseEntity<String> signedIn =
                post("/login", before, "username", "alice", "password", "wonderland", "_csrf", csrf(form.getBody()));
        assertThat(signedIn.getStatusCode()).isEqualTo(HttpStatus.FOUND);
        String cookie = session(signedIn.getHeaders());
        assertThat(cookie).isNotEqualTo(before);

        assertThat(get("/account", cookie).getBody()).isEqualTo("account of alice");
        assertThat(get("/account/session", cookie).getBody()).isEqualTo("1200 false");
    }

    @Test
    void showsTheFlashMessageOnce() {
        ResponseEntity<String> form = rest.getForEntity("/cart", String.class);
        String cookie = session(form.getHeaders());
        ResponseEntity<String> added = post("/cart", cookie, "product", "teapot", "_csrf", csrf(form.getBody()));
        assertThat(added.getHeaders().getLocation().getPath()).isEqualTo("/cart");
        // All cookies, as a browser sends them.
        String all = cookie
                + added.getHeaders().getOrDefault(HttpHeaders.SET_COOKIE, List.of()).stream()
                        .map(each -> "; " + each.replaceFirst(";.*", ""))
                        .reduce("", String::concat);

        assertThat(get("/cart", all).getBody())
                .contains("teapot is in your cart")
                .contains("<p id='size'>1</p>");
        assertThat(get("/cart", all).getBody()).doesNotContain("teapot is in your cart");
    }

    @Test
    void keepsASessionScopedBeanWithTheRestTestClient() {
        String cookie = session(restClient
                .get()
                .uri("/products/teapot")
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(String.class)
                .getResponseHeaders());
        restClient
                .get()
                .uri("/products/cup")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange()
                .expectBody(String.class)
                .isEqualTo("cup");
        restClient
                .get()
                .uri("/recent")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange()
                .expectBody(String.class)
                .isEqualTo("[\"cup\",\"teapot\"]");
    }

    @Test
    void worksWithTheWebTestClient() {
        String value = webClient
                .get()
                .uri("/products/teapot")
                .exchange()
                .expectCookie()
                .httpOnly("SESSION", true)
                .returnResult(String.class)
                .getResponseCookies()
                .getFirst("SESSION")
                .getValue();
        webClient
                .get()
                .uri("/recent")
                .cookie("SESSION", value)
                .exchange()
                .expectBody(String.class)
                .isEqualTo("[\"teapot\"]");
    }
}
