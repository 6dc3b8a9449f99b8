package dev.sojourn.testing;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sojourn.Sessions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An application's tests may use another version of JUnit than the contracts, or none. */
class WithoutJUnitTest {
    /** Runs in a class loader without JUnit. */
    public static final class Application implements Runnable {
        @Override
        public void run() {
            SettableClock clock = new SettableClock();
            FaultyStore store = new FaultyStore();
            Sessions sessions = Sessions.create(c ->
                    c.secret("hN3cVq8RtY1wZk5XbL0mPs7Dg2Jf4Ka9").store(store).clock(clock));
            TestClient client = new TestClient(sessions);
            client.request(session -> session.login("alice"));
            if (!client.cookie().startsWith("__Host-id=")) {
                throw new IllegalStateException("there is no cookie");
            }
            SignedInUser bob = TestSessions.of(sessions).signIn("bob");
            CookieAudit.of(bob.cookieName());
            FixationCheck.of(bob.cookieName());
            try (TestClockServer server = TestClockServer.start(clock)) {
                server.url();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void the_classes_for_applications_need_no_junit() throws Exception {
        URL[] jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> !each.contains("junit") && !each.contains("jqwik"))
                .map(WithoutJUnitTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> loader.loadClass("org.junit.jupiter.api.Test"));
            Runnable application = (Runnable) loader.loadClass(Application.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            application.run();
        }
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
