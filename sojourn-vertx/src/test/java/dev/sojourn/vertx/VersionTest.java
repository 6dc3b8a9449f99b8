package dev.sojourn.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.Test;

/** The tests run twice, with the newest and the oldest Vert.x; this one sees that they do. */
class VersionTest {
    @Test
    void the_tests_run_with_the_vertx_that_they_are_meant_for() {
        String version = System.getProperty("expected.vertx");

        assertThat(jar(Vertx.class)).endsWith("vertx-core-" + version + ".jar");
        assertThat(jar(Router.class)).endsWith("vertx-web-" + version + ".jar");
    }

    private static String jar(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
