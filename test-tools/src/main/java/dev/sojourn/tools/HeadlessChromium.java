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

/** The system's own Chromium, without a window and with a profile of its own each time. */
public final class HeadlessChromium {
    static final String HOW_TO_GET_IT = "no Chromium with its chromedriver was found: on Debian and Ubuntu"
            + " 'apt-get install chromium chromium-driver', or name them in CHROMIUM and CHROMEDRIVER";

    private HeadlessChromium() {}

    static boolean isInstalled() {
        return browser().isPresent() && driver().isPresent();
    }

    /**
     * Starts it.
     *
     * @param patience how long it waits for a page, or for an element to appear
     * @param more further options
     * @return its driver, to be quit
     */
    public static ChromeDriver start(Duration patience, Consumer<ChromeOptions> more) {
        File binary = browser().orElseThrow(() -> new AssertionError(HOW_TO_GET_IT));
        File executable = driver().orElseThrow(() -> new AssertionError(HOW_TO_GET_IT));
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
        driver.manage().timeouts().pageLoadTimeout(patience).implicitlyWait(patience);
        return driver;
    }

    /**
     * Does what leads to another page, and waits for that: a click may return before the browser has moved.
     *
     * @param driver the browser
     * @param patience how long to wait
     * @param action what leads there
     */
    public static void awaitNavigation(ChromeDriver driver, Duration patience, Runnable action) {
        WebElement before = driver.findElement(By.tagName("html"));
        action.run();
        long deadline = System.nanoTime() + patience.toNanos();
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
}
