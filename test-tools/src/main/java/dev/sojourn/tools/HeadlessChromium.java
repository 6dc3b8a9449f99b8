package dev.sojourn.tools;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Starts the system's Chromium without a window, each time with a new profile. */
public final class HeadlessChromium {
    static final String MISSING = "Chromium with chromedriver was not found. On Debian and Ubuntu:"
            + " 'apt-get install chromium chromium-driver'. Or set CHROMIUM and CHROMEDRIVER to their paths";

    private HeadlessChromium() {}

    static boolean isInstalled() {
        return browser().isPresent() && driver().isPresent();
    }

    /**
     * Starts Chromium.
     *
     * @param timeout how long the driver waits for a page, or for an element to appear
     * @param more adds further options
     * @return the driver; the caller quits it
     */
    public static ChromeDriver start(Duration timeout, Consumer<ChromeOptions> more) {
        File binary = browser().orElseThrow(() -> new AssertionError(MISSING));
        File executable = driver().orElseThrow(() -> new AssertionError(MISSING));
        ChromeOptions options = new ChromeOptions();
        options.setBinary(binary);
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
        more.accept(options);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(executable)
                .usingAnyFreePort()
                .withEnvironment(Map.of("SE_OFFLINE", "true", "SE_AVOID_STATS", "true"))
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(timeout).implicitlyWait(timeout);
        return driver;
    }

    /**
     * Runs an action that leads to another page, and waits for that page: a click may return before the browser leaves the
     * current page.
     *
     * @param driver the browser
     * @param timeout how long to wait
     * @param action leads to another page
     */
    public static void awaitNavigation(ChromeDriver driver, Duration timeout, Runnable action) {
        WebElement before = driver.findElement(By.tagName("html"));
        action.run();
        long deadline = System.nanoTime() + timeout.toNanos();
        while (isAttached(before)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the browser is still at " + driver.getCurrentUrl());
            }
        }
    }

    private static boolean isAttached(WebElement element) {
        try {
            element.getTagName();
            return true;
        } catch (StaleElementReferenceException e) {
            return false;
        } catch (WebDriverException e) {
            // The browser was leaving the page.
            return true;
        }
    }

    private static Optional<File> browser() {
        return find("CHROMIUM", "chromium", "chromium-browser", "google-chrome");
    }

    private static Optional<File> driver() {
        return find("CHROMEDRIVER", "chromedriver");
    }

    private static Optional<File> find(String variable, String... names) {
        String path = System.getenv(variable);
        if (path != null) {
            return Optional.of(new File(path)).filter(File::canExecute);
        }
        List<String> folders = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return Stream.of(names)
                .flatMap(name -> folders.stream().map(folder -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst();
    }
}
