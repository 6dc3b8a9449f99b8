package dev.sojourn.clients;

import dev.sojourn.CookieLifetime;
import dev.sojourn.Sessions;
import dev.sojourn.tools.HeadlessChromium;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/** A real browser, with the cookie's defaults: over plain HTTP it makes an exception for localhost. */
class BrowserTest {
    private static ChromeDriver driver;

    @BeforeAll
    static void start() {
        driver = HeadlessChromium.start(
                Duration.ofSeconds(30), options -> options.addArguments("--ignore-certificate-errors"));
    }

    @AfterAll
    static void stop() {
        driver.quit();
    }

    @ParameterizedTest
    @EnumSource
    void a_browser_is_counted_signed_in_and_signed_out_again_on_localhost_without_tls(AppServer.Kind kind)
            throws Exception {
        Sessions sessions = Sessions.create(c -> c.secret(ClientsTest.SECRET));
        try (AppServer server = kind.start("127.0.0.1", sessions, null)) {
            visit("http://localhost:" + server.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_browser_is_counted_signed_in_and_signed_out_again_over_tls(AppServer.Kind kind) throws Exception {
        Sessions sessions = Sessions.create(
                c -> c.secret(ClientsTest.SECRET).cookie(k -> k.lifetime(CookieLifetime.of(Duration.ofHours(1)))));
        try (AppServer server = kind.start("127.0.0.1", sessions, Tls.FILES)) {
            visit("https://localhost:" + server.port());
        }
    }

    /** Cookies do not know ports, so the server before has left one. */
    private static void visit(String base) throws Exception {
        driver.get(base + "/whoami");
        driver.manage().deleteAllCookies();
        Client browser = url -> {
            driver.get(url);
            return driver.findElement(By.tagName("body")).getText();
        };
        ClientsTest.visit(browser, base);
    }
}
