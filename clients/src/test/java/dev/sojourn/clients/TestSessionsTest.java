package dev.sojourn.clients;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.testing.SignedInUser;
import dev.sojourn.testing.TestSessions;
import dev.sojourn.tools.HeadlessChromium;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.htmlunit.WebClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.chrome.ChromeDriver;

/** {@link TestSessions} signs a user in, and each of the clients that tests use most sends the cookie in one line. */
class TestSessionsTest {
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(4);
    private static final Sessions SESSIONS =
            Sessions.create(c -> c.secret(ClientsTest.SECRET).cookie(k -> k.insecureHttp()));
    private static HttpServer server;
    private static String url;

    private final SignedInUser alice = TestSessions.of(SESSIONS).signIn("alice");

    @BeforeAll
    static void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(THREADS);
        HttpContext context = server.createContext("/", TestSessionsTest::handle);
        context.getFilters().add(new SojournFilter(SESSIONS));
        server.start();
        url = "http://localhost:" + server.getAddress().getPort();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
        THREADS.shutdownNow();
    }

    private static void handle(HttpExchange exchange) throws IOException {
        byte[] page = ("<!doctype html><title>t</title><p>hello "
                        + Sojourn.session(exchange).subject())
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
    }

    @Test
    void rest_assured_is_signed_in_by_a_cookie() {
        String anonymous = given().get(url).asString();
        String page =
                given().cookie(alice.cookieName(), alice.cookieValue()).get(url).asString();

        assertThat(anonymous).endsWith("hello null");
        assertThat(page).endsWith("hello alice");
    }

    @Test
    void html_unit_is_signed_in_by_a_cookie_in_its_jar() throws IOException {
        try (WebClient web = new WebClient()) {
            assertThat(web.getPage(url).getWebResponse().getContentAsString()).endsWith("hello null");

            web.addCookie(
                    alice.cookieName() + "=" + alice.cookieValue(),
                    URI.create(url).toURL(),
                    null);

            assertThat(web.getPage(url).getWebResponse().getContentAsString()).endsWith("hello alice");
        }
    }

    @Test
    void a_browser_that_selenium_drives_is_signed_in_by_a_cookie_in_its_jar() {
        ChromeDriver driver = HeadlessChromium.start(Duration.ofSeconds(30), options -> {});
        try {
            driver.get(url);
            assertThat(driver.findElement(By.tagName("p")).getText()).isEqualTo("hello null");

            driver.manage().addCookie(new Cookie(alice.cookieName(), alice.cookieValue()));

            driver.get(url);
            assertThat(driver.findElement(By.tagName("p")).getText()).isEqualTo("hello alice");
        } finally {
            driver.quit();
        }
    }
}
