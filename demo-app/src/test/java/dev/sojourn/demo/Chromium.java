package dev.sojourn.demo;

import dev.sojourn.tools.HeadlessChromium;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/** Drives the system's Chromium as a user does. */
final class Chromium implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of(System.getProperty("demo.screenshots", "target/screenshots"));
    private static final int NARROW_WIDTH = 360;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ChromeDriver driver;

    private Chromium(ChromeDriver driver) {
        this.driver = driver;
    }

    static Chromium withoutJavaScript() {
        // 2 means blocked.
        return start(Map.of("profile.managed_default_content_settings.javascript", 2));
    }

    static Chromium withJavaScript() {
        return start(Map.of());
    }

    private static Chromium start(Map<String, Object> preferences) {
        return new Chromium(HeadlessChromium.start(
                TIMEOUT,
                options -> options.addArguments("--window-size=1280,900").setExperimentalOption("prefs", preferences)));
    }

    /** Forgets all cookies and the page, and uses a wide, light screen. */
    void startAnew() {
        driver.get("about:blank");
        driver.executeCdpCommand("Storage.clearCookies", Map.of());
        useWideScreen();
        preferColorScheme("light");
    }

    // ---- input

    void open(String address) {
        driver.get(address);
    }

    void follow(String link) {
        awaitNewPage(() -> driver.findElement(By.linkText(link)).click());
    }

    void fill(String label, String text) {
        WebElement field = driver.findElement(By.id(fieldIdOf(label)));
        field.clear();
        field.sendKeys(text);
    }

    private String fieldIdOf(String label) {
        return String.valueOf(driver.findElement(By.xpath("//label[normalize-space()='" + label + "']"))
                .getDomAttribute("for"));
    }

    /** Fills in the value of a listed attribute. */
    void fillAttribute(String name, String text) {
        WebElement field = driver.findElement(By.xpath("//label[span='" + name + "']/input"));
        field.clear();
        field.sendKeys(text);
    }

    /** Presses the button with an accessible name. */
    void press(String name) {
        awaitNewPage(button(name)::click);
    }

    /** Presses the button with an accessible name, which a script handles, and waits until the page shows a text. */
    void press(String name, String awaited) {
        button(name).click();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!main().contains(awaited)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("'" + awaited + "' did not appear in: " + main());
            }
        }
    }

    /** Presses the button with an accessible name, which a script handles, and waits until no element matches. */
    void pressUntilGone(String name, String css) {
        button(name).click();
        // Asked by script, because the driver waits for an element that is not there.
        await(
                () -> Boolean.TRUE.equals(driver.executeScript("return !document.querySelector(arguments[0])", css)),
                css + " did not disappear");
    }

    /** Waits until an element shows a text. */
    void awaitText(String css, String text) {
        await(() -> textsOf(css).stream().anyMatch(shown -> shown.contains(text)), "'" + text + "' did not appear");
    }

    private static void await(BooleanSupplier condition, String problem) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(problem);
            }
        }
    }

    /** Follows a link to a page that is not one of the demo's. */
    void leaveBy(String link) {
        HeadlessChromium.awaitNavigation(
                driver, TIMEOUT, () -> driver.findElement(By.linkText(link)).click());
    }

    /** Presses a button on such a page. */
    void pressElsewhere(String name) {
        HeadlessChromium.awaitNavigation(driver, TIMEOUT, button(name)::click);
    }

    private WebElement button(String name) {
        return driver.findElements(By.tagName("button")).stream()
                .filter(button -> name.equals(button.getAccessibleName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no button '" + name + "'"));
    }

    /** Presses a key that submits a form. */
    void send(CharSequence key) {
        awaitNewPage(() -> type(key));
    }

    private void awaitNewPage(Runnable action) {
        HeadlessChromium.awaitNavigation(driver, TIMEOUT, action);
        driver.findElement(By.tagName("footer"));
    }

    void back() {
        driver.navigate().back();
    }

    void reload() {
        driver.navigate().refresh();
    }

    void type(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Presses Tab until the element with an accessible name has the focus. */
    void tabTo(String name) {
        for (int i = 0; i < 40; i++) {
            type(Keys.TAB);
            if (name.equals(focused().getAccessibleName())) {
                return;
            }
        }
        throw new AssertionError("Tab never reached '" + name + "'");
    }

    // ---- output

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    String main() {
        return driver.findElement(By.tagName("main")).getText();
    }

    String title() {
        return String.valueOf(driver.getTitle());
    }

    String address() {
        return String.valueOf(driver.getCurrentUrl());
    }

    List<String> textsOf(String css) {
        return driver.findElements(By.cssSelector(css)).stream()
                .map(WebElement::getText)
                .toList();
    }

    Optional<String> cookie(String name) {
        return Optional.ofNullable(driver.manage().getCookieNamed(name)).map(Cookie::getValue);
    }

    /** Returns how much wider the page is than the window. */
    int overflow() {
        Map<?, ?> metrics = driver.executeCdpCommand("Page.getLayoutMetrics", Map.of());
        return width(metrics, "cssContentSize", "width") - width(metrics, "cssLayoutViewport", "clientWidth");
    }

    /** Returns the width of the narrowest control. */
    int narrowestControl() {
        // Includes main, for pages without a control.
        Object width = driver.executeScript("return Math.floor(Math.min(...Array.from("
                + "document.querySelectorAll('main, main input:not([type=hidden], [type=checkbox]), main button'))"
                + ".filter(control => control.checkVisibility({opacityProperty: true, visibilityProperty: true}))"
                + ".map(control => control.getBoundingClientRect().width)))");
        return ((Number) Objects.requireNonNull(width)).intValue();
    }

    private static int width(Map<?, ?> metrics, String part, String name) {
        return metrics.get(part) instanceof Map<?, ?> found && found.get(name) instanceof Number width
                ? width.intValue()
                : -1;
    }

    void useNarrowScreen() {
        useScreen(NARROW_WIDTH, 740, 2, true);
    }

    void useWideScreen() {
        useScreen(1280, 900, 1, false);
    }

    private void useScreen(int width, int height, int scale, boolean mobile) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", mobile));
    }

    void preferColorScheme(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                // no screenshot during a transition
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Saves a screenshot of the whole page. */
    void screenshot(String name) {
        Object data = driver.executeCdpCommand(
                        "Page.captureScreenshot",
                        Map.of("format", "png", "captureBeyondViewport", true, "optimizeForSpeed", true))
                .get("data");
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(data)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
