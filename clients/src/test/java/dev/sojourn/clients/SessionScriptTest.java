package dev.sojourn.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.MemoryStore;
import dev.sojourn.SessionStatus;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.tools.HeadlessChromium;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** {@code sojourn-session.js} in a real browser, with several tabs of one user. The server's clock is moved by hand. */
class SessionScriptTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String WARNING = "document.querySelector('.sojourn-session[role=alert]')";

    private static final MovedClock CLOCK = new MovedClock();
    private static final AtomicInteger STATUS_REQUESTS = new AtomicInteger();
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(4);
    private static HttpServer server;
    private static ChromeDriver driver;
    /** What precedes the script in the page. */
    private static volatile String before = "";

    /** The system's clock, moved by hand. */
    private static final class MovedClock extends Clock {
        private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

        void advance(Duration time) {
            ahead.updateAndGet(time::plus);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        Sessions sessions = Sessions.create(c -> c.secret(ClientsTest.SECRET)
                .clock(CLOCK)
                .store(MemoryStore.builder().clock(CLOCK).build()));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(THREADS);
        HttpContext context = server.createContext("/", SessionScriptTest::handle);
        context.getFilters().add(new SojournFilter(sessions));
        server.start();
        driver = HeadlessChromium.start(Duration.ofSeconds(30), options -> {});
    }

    @AfterAll
    static void stop() {
        driver.quit();
        server.stop(0);
        THREADS.shutdownNow();
    }

    @BeforeEach
    void beginWithOneTabSignedIn() {
        before = "";
        driver.getWindowHandles().stream().skip(1).forEach(tab -> {
            driver.switchTo().window(tab);
            driver.close();
        });
        driver.switchTo().window(driver.getWindowHandles().iterator().next());
        open("/sign-in");
        open("/page");
    }

    private static void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/sojourn-session.js" ->
                Sojourn.send(
                        exchange,
                        SessionStatus.script(exchange.getRequestHeaders().getFirst("If-None-Match")));
            case "/session" -> {
                STATUS_REQUESTS.incrementAndGet();
                Sojourn.send(
                        exchange,
                        exchange.getRequestMethod().equals("POST")
                                ? SessionStatus.extend(Sojourn.session(exchange))
                                : SessionStatus.read(Sojourn.session(exchange)));
            }
            case "/sign-in" -> {
                Sojourn.session(exchange).login("alice");
                send(exchange, "<p>signed in</p>");
            }
            case "/sign-out" -> {
                Sojourn.session(exchange).destroy();
                send(exchange, "<p>signed out</p>");
            }
            case "/page" ->
                send(
                        exchange,
                        before + "<p>the page</p><script src=/sojourn-session.js data-ended=/goodbye defer></script>");
            default -> send(exchange, "<p>goodbye</p>");
        }
    }

    private static void send(HttpExchange exchange, String body) throws IOException {
        byte[] page = ("<!doctype html><title>t</title>" + body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
    }

    private static void open(String path) {
        driver.get("http://localhost:" + server.getAddress().getPort() + path);
    }

    private static String openTab() {
        driver.switchTo().newWindow(WindowType.TAB);
        open("/page");
        return driver.getWindowHandle();
    }

    private static void awaitThat(String condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Boolean.TRUE.equals(driver.executeScript("return " + condition))) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never came true at " + driver.getCurrentUrl() + ": " + condition);
            }
        }
    }

    private static void awaitWarning() {
        awaitThat(WARNING + " !== null");
    }

    private static void awaitNoWarning() {
        awaitThat(WARNING + " === null");
    }

    private static void awaitPath(String path) {
        awaitThat("location.pathname === '" + path + "'");
    }

    private static @Nullable Object run(String script) {
        return driver.executeAsyncScript("const done = arguments[0];" + script);
    }

    @Test
    void a_page_warns_shortly_before_the_end_and_one_click_extends_the_session_in_every_tab() {
        String first = driver.getWindowHandle();
        String second = openTab();
        CLOCK.advance(Duration.ofMinutes(29));
        run("sojournSession.check().then(done)");
        awaitWarning();
        String shown =
                driver.findElement(By.cssSelector(".sojourn-session span")).getText();
        assertThat(Integer.parseInt(shown.replaceAll("\\D", ""))).isBetween(20, 60);
        driver.switchTo().window(first);
        awaitWarning();

        driver.findElement(By.cssSelector(".sojourn-session button")).click();
        awaitNoWarning();
        driver.switchTo().window(second);
        awaitNoWarning();

        CLOCK.advance(Duration.ofMinutes(28));
        assertThat(run("fetch('/session').then(r => r.json()).then(s => done(s.signedIn))"))
                .isEqualTo(true);
    }

    @Test
    void signing_out_in_one_tab_takes_every_tab_away() {
        String first = driver.getWindowHandle();
        openTab();
        driver.executeScript("sojournSession.signOut('/sign-out')");
        awaitPath("/goodbye");
        driver.switchTo().window(first);
        awaitPath("/goodbye");
    }

    @Test
    void a_session_that_ended_on_the_server_is_noticed_and_a_page_can_react_itself() {
        before = "<script>document.addEventListener('sojourn:ended', e => {"
                + " e.preventDefault(); document.title = 'ended'; });"
                + "document.addEventListener('sojourn:warning', e => {"
                + " e.preventDefault(); document.title = 'warning ' + e.detail.canExtend; });</script>";
        open("/page");
        CLOCK.advance(Duration.ofMinutes(29));
        run("sojournSession.check().then(done)");
        awaitThat("document.title === 'warning true'");
        awaitNoWarning();

        CLOCK.advance(Duration.ofMinutes(1));
        run("sojournSession.check().then(done)");
        awaitThat("document.title === 'ended'");
        assertThat(driver.getCurrentUrl()).endsWith("/page");
    }

    @Test
    void a_tab_without_broadcast_channels_hears_of_a_sign_out_by_the_storage_event() {
        before = "<script>delete window.BroadcastChannel;</script>";
        open("/page");
        String first = driver.getWindowHandle();
        openTab();
        driver.executeScript("sojournSession.signOut('/sign-out')");
        awaitPath("/goodbye");
        driver.switchTo().window(first);
        awaitPath("/goodbye");
    }

    @Test
    void a_page_asks_once_when_it_is_loaded_and_not_again_until_the_warning() {
        run("sojournSession.check().then(done)");
        int before = STATUS_REQUESTS.get();
        run("setTimeout(done, 1500)");

        assertThat(STATUS_REQUESTS.get()).isEqualTo(before);
    }
}
