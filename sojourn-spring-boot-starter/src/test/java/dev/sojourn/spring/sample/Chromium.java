package dev.sojourn.spring.sample;

import dev.sojourn.tools.HeadlessChromium;
import java.time.Duration;
import java.util.Optional;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.chrome.ChromeDriver;

/** The installed Chromium with a new profile for each test. */
final class Chromium implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ChromeDriver driver;

    private Chromium(ChromeDriver driver) {
        this.driver = driver;
    }

    static Chromium start() {
        return new Chromium(HeadlessChromium.start(TIMEOUT, options -> {}));
    }

    void open(String address) {
        driver.get(address);
    }

    void fill(String id, String text) {
        driver.findElement(By.id(id)).sendKeys(text);
    }

    void tick(String name) {
        driver.findElement(By.name(name)).click();
    }

    /** Clicks a button that leads to another page. */
    void press(String name) {
        HeadlessChromium.awaitNavigation(
                driver,
                TIMEOUT,
                () -> driver.findElement(By.xpath("//button[normalize-space()='" + name + "']"))
                        .click());
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    Optional<String> cookie(String name) {
        return Optional.ofNullable(driver.manage().getCookieNamed(name)).map(Cookie::getValue);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
