package dev.sojourn.express.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressMove;
import dev.sojourn.express.ExpressOptions;
import dev.sojourn.express.ExpressRedisStore;
import dev.sojourn.express.SharedServers;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.tools.HeadlessChromium;
import dev.sojourn.tools.NeedsBrowser;
import example.Shop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * A real browser that alternates between the shop on Node and the shop on Java. Cookies do not depend on the port, so the
 * browser keeps one cookie for both, as behind a proxy that routes some paths to Node and some to Java.
 */
@NeedsBrowser
@ExtendWith(SharedServers.class)
@Tag("programs")
class BrowserInteropTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final ExpressRedisStore express =
            closeLater(ExpressRedisStore.connect(SharedServers.redis7().uri()));
    private final RedisStore own =
            closeLater(RedisStore.connect(SharedServers.redis7().uri()));

    private <T extends AutoCloseable> T closeLater(T each) {
        resources.push(each);
        return each;
    }

    @AfterEach
    void stop() throws Exception {
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
    }

    private static void asInNode(ExpressOptions e) {
        e.existingWeakSecret("keyboard cat").insecureHttp();
    }

    private static List<String> jar(ChromeDriver chromium) {
        return chromium.manage().getCookies().stream().map(Cookie::getName).toList();
    }

    private int java(String step) throws Exception {
        return serve(Shop.step(step, express, own));
    }

    private int serve(Consumer<Sessions.Config> step) throws Exception {
        HttpServer server = Shop.serve(Sessions.create(step), 0);
        resources.push(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    @Test
    void a_browser_with_one_cookie_jar_is_signed_in_to_and_out_of_both() throws Exception {
        SharedServers.redis7().command("FLUSHALL");
        int node = closeLater(NodeApp.start("shop.mjs")).port();
        int java = java("share");
        ChromeDriver chromium = HeadlessChromium.start(TIMEOUT, options -> {});
        resources.push(chromium::quit);

        assertThat(open(chromium, node, "/")).isEqualTo("please sign in");
        signIn(chromium, "alice");
        assertThat(text(chromium)).isEqualTo("Node: hello alice, views: 1");
        assertThat(open(chromium, java, "/")).isEqualTo("Java: hello alice, views: 2");
        assertThat(open(chromium, node, "/")).isEqualTo("Node: hello alice, views: 3");
        assertThat(jar(chromium)).hasSize(1);

        assertThat(open(chromium, java, "/logout")).isEqualTo("please sign in");
        assertThat(jar(chromium)).as("after logout").isEmpty();
        assertThat(open(chromium, node, "/")).isEqualTo("please sign in");

        open(chromium, java, "/");
        signIn(chromium, "bob");
        assertThat(text(chromium)).isEqualTo("Java: hello bob, views: 1");
        assertThat(open(chromium, node, "/")).isEqualTo("Node: hello bob, views: 2");
        assertThat(open(chromium, java("move"), "/")).isEqualTo("Java: hello bob, views: 3");
        assertThat(open(chromium, java("finish"), "/")).isEqualTo("Java: hello bob, views: 4");
        assertThat(jar(chromium)).containsExactly("connect.sid");

        ExpressMove move = Express.move(express, own, BrowserInteropTest::asInNode);
        int both = serve(MigrationGuideTest.bothCookies(move, MigrationGuideTest.BETTER));
        int last = serve(MigrationGuideTest.ownCookie(
                own, MigrationGuideTest.BETTER, Express.tokenFormat(BrowserInteropTest::asInNode)));
        assertThat(open(chromium, both, "/")).isEqualTo("Java: hello bob, views: 5");
        assertThat(jar(chromium)).containsExactly("connect.sid");
        assertThat(open(chromium, last, "/")).isEqualTo("Java: hello bob, views: 6");
        assertThat(jar(chromium)).containsExactly("id");
        assertThat(open(chromium, both, "/")).as("a node of the previous step").isEqualTo("Java: hello bob, views: 7");
        assertThat(open(chromium, last, "/logout")).isEqualTo("please sign in");
        assertThat(jar(chromium)).isEmpty();
    }

    private static String open(ChromeDriver chromium, int port, String path) {
        chromium.get("http://127.0.0.1:" + port + path);
        return text(chromium);
    }

    private static String text(ChromeDriver chromium) {
        return chromium.findElement(By.tagName("body")).getText();
    }

    /** Submits a form that the shop accepts but does not show. */
    private static void signIn(ChromeDriver chromium, String user) {
        HeadlessChromium.awaitNavigation(chromium, TIMEOUT, () -> chromium.executeScript("""
                document.body.innerHTML = '<form method="post" action="/login"><input name="user"></form>'
                document.forms[0].user.value = arguments[0]
                document.forms[0].submit()""", user));
    }
}
