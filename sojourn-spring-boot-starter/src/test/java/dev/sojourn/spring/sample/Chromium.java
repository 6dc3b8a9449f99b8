package dev.sojourn.spring.sample;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The system's own Chromium, with a profile of its own each time. */
final class Chromium implements AutoCloseable {
    static final String HOW_TO_GET_IT = "no Chromium with its chromedriver was found: on Debian and Ubuntu"
            + " 'apt-get install chromium chromium-driver', or name them in CHROMIUM and CHROMEDRIVER";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChromeDriver driver;

    private Chromium(ChromeDriver driver) {
        this.driver = driver;
    }

    static boolean isInstalled() {
        return browser().isPresent() && driver().isPresent();
    }

    static Chromium start() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser().orElseThrow(() -> new AssertionError(HOW_TO_GET_IT)));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver().orElseThrow(() -> new AssertionError(HOW_TO_GET_IT)))
                .usingAnyFreePort()
                .withEnvironment(Map.of("SE_OFFLINE", "true", "SE_AVOID_STATS", "true"))
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(PATIENCE).implicitlyWait(PATIENCE);
        return new Chromium(driver);
    }

    private static Optional<File> browser() {
        return found("CHROMIUM", "chromium", "chromium-browser", "google-chrome");
    }

    private static Optional<File> driver() {
        return found("CHROMEDRIVER", "chromedriver");
    }

    private static Optional<File> found(String variable, String... names) {
        String named = System.getenv(variable);
        if (named != null) {
            return Optional.of(new File(named)).filter(File::canExecute);
        }
        List<String> folders = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return Stream.of(names)
                .flatMap(name -> folders.stream().map(folder -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst();
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

    /** Presses a button that leads to another page, and waits for that: a click may return before the browser has moved. */
    void press(String name) {
        WebElement before = driver.findElement(By.tagName("html"));
        driver.findElement(By.xpath("//button[normalize-space()='" + name + "']"))
                .click();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (isStillThere(before)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the browser stayed at " + driver.getCurrentUrl());
            }
        }
    }

    private static boolean isStillThere(WebElement element) {
        try {
            element.getTagName();
            return true;
        } catch (StaleElementReferenceException e) {
            return false;
        } catch (WebDriverException e) {
            // Asked in the very moment of moving.
            return true;
        }
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
