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
import java.util.Optional;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/** The system's own Chromium, as a visitor with eyes and hands. */
final class Chromium implements AutoCloseable {
    private static final Path PICTURES = Path.of(System.getProperty("demo.screenshots", "target/screenshots"));
    private static final int PHONE = 360;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
                PATIENCE,
                options -> options.addArguments("--window-size=1280,900").setExperimentalOption("prefs", preferences)));
    }

    // ---- hands

    void open(String address) {
        driver.get(address);
    }

    void follow(String link) {
        leave(() -> driver.findElement(By.linkText(link)).click());
    }

    void fill(String label, String text) {
        WebElement field = driver.findElement(By.id(labelled(label)));
        field.clear();
        field.sendKeys(text);
    }

    private String labelled(String label) {
        return String.valueOf(driver.findElement(By.xpath("//label[normalize-space()='" + label + "']"))
                .getDomAttribute("for"));
    }

    /** Fills the value of an attribute that stands in the list. */
    void fillAttribute(String name, String text) {
        WebElement field = driver.findElement(By.xpath("//label[span='" + name + "']/input"));
        field.clear();
        field.sendKeys(text);
    }

    /** Presses the button that a screen reader would call this. */
    void press(String name) {
        WebElement found = driver.findElements(By.tagName("button")).stream()
                .filter(button -> name.equals(button.getAccessibleName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no button '" + name + "'"));
        leave(found::click);
    }

    /** Presses a key that sends a form. */
    void send(CharSequence key) {
        leave(() -> type(key));
    }

    private void leave(Runnable action) {
        HeadlessChromium.awaitNavigation(driver, PATIENCE, action);
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

    /** Presses Tab until the focus stands on what a screen reader would call this. */
    void tabTo(String name) {
        for (int i = 0; i < 40; i++) {
            type(Keys.TAB);
            if (name.equals(focused().getAccessibleName())) {
                return;
            }
        }
        throw new AssertionError("Tab never reached '" + name + "'");
    }

    // ---- eyes

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

    /** How wide the page is, beside how wide the window is. */
    int overflow() {
        Map<?, ?> metrics = driver.executeCdpCommand("Page.getLayoutMetrics", Map.of());
        return width(metrics, "cssContentSize", "width") - width(metrics, "cssLayoutViewport", "clientWidth");
    }

    /** The width of the narrowest thing that somebody may want to press or fill. */
    int narrowestControl() {
        // All elements first: asking for controls alone would wait for one to appear where there is none.
        return driver.findElements(By.cssSelector("main, main input:not([type=hidden]), main button")).stream()
                .mapToInt(control -> control.getSize().getWidth())
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private static int width(Map<?, ?> metrics, String part, String name) {
        return metrics.get(part) instanceof Map<?, ?> found && found.get(name) instanceof Number width
                ? width.intValue()
                : -1;
    }

    void phone() {
        screen(PHONE, 740, 2, true);
    }

    void desktop() {
        screen(1280, 900, 1, false);
    }

    private void screen(int width, int height, int scale, boolean mobile) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", mobile));
    }

    void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                // no picture of a colour on its way
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Keeps a picture of the whole page. */
    void picture(String name) {
        Object data = driver.executeCdpCommand(
                        "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
                .get("data");
        try {
            Files.createDirectories(PICTURES);
            Files.write(PICTURES.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(data)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
