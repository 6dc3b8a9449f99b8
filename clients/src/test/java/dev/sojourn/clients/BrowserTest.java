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

/** A real browser with the default cookie options: over plain HTTP it treats localhost as secure. */
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
    void a_browser_keeps_a_session_signs_in_and_signs_out_on_localhost_without_tls(AppServer.Kind kind)
            throws Exception {
        Sessions sessions = Sessions.create(c -> c.secret(ClientsTest.SECRET));
        try (AppServer server = kind.start("127.0.0.1", sessions, null)) {
            assertVisits("http://localhost:" + server.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_browser_keeps_a_session_signs_in_and_signs_out_over_tls(AppServer.Kind kind) throws Exception {
        Sessions sessions = Sessions.create(
                c -> c.secret(ClientsTest.SECRET).cookie(k -> k.lifetime(CookieLifetime.of(Duration.ofHours(1)))));
        try (AppServer server = kind.start("127.0.0.1", sessions, Tls.FILES)) {
            assertVisits("https://localhost:" + server.port());
        }
    }

    /** Deletes the cookies first: they do not depend on the port, so the browser has those of the previous server. */
    private static void assertVisits(String base) throws Exception {
        driver.get(base + "/whoami");
        driver.manage().deleteAllCookies();
        Client browser = url -> {
            driver.get(url);
            return driver.findElement(By.tagName("body")).getText();
        };
        ClientsTest.assertVisits(browser, base);
    }
}
