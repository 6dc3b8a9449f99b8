package dev.sojourn.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.Test;

/**
 * Checks that the tests run with the configured version: the build runs them with the newest and the oldest supported Vert.x.
 */
class VertxVersionTest {
    @Test
    void the_tests_run_with_the_configured_version() {
        String version = System.getProperty("expected.vertx");

        assertThat(jar(Vertx.class)).endsWith("vertx-core-" + version + ".jar");
        assertThat(jar(Router.class)).endsWith("vertx-web-" + version + ".jar");
    }

    private static String jar(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
