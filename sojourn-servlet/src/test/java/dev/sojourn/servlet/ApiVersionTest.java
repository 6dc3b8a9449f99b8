package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Each run is on the Servlet API that its container implements, and on no other. */
class ApiVersionTest {
    private final String wanted = System.getProperty("sojourn.container.api", "6.1");

    @Test
    void the_container_says_which_version_it_implements() throws Exception {
        AtomicReference<String> said = new AtomicReference<>();
        try (Container.Running running = Container.ofThisRun()
                .start(context -> said.set(context.getMajorVersion() + "." + context.getMinorVersion()), null)) {
            assertThat(running.port()).isPositive();
        }
        assertThat(said.get()).isEqualTo(wanted);
    }

    @Test
    void the_classes_are_those_of_that_version() throws Exception {
        List<String> ofConnections = methods("jakarta.servlet.ServletRequest");
        List<String> ofRedirects = Arrays.stream(Class.forName("jakarta.servlet.http.HttpServletResponse")
                        .getMethods())
                .filter(each -> each.getName().equals("sendRedirect") && each.getParameterCount() == 3)
                .map(Object::toString)
                .toList();

        assertThat(ofConnections.contains("getServletConnection")).isEqualTo(!wanted.equals("5.0"));
        assertThat(ofRedirects.isEmpty()).isEqualTo(!wanted.equals("6.1"));
    }

    @Test
    void there_is_one_copy_of_them() throws Exception {
        assertThat(ServletContext.class.getClassLoader().resources("jakarta/servlet/ServletContext.class"))
                .hasSizeLessThanOrEqualTo(
                        wanted.equals("6.1") && Container.name().equals("tomcat") ? 2 : 1);
    }

    private static List<String> methods(String type) throws ClassNotFoundException {
        return Arrays.stream(Class.forName(type).getMethods())
                .map(each -> each.getName())
                .toList();
    }
}
