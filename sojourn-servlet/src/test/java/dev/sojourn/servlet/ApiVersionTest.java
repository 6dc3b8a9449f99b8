package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Checks that each run uses the Servlet API that its container implements, and no other. */
class ApiVersionTest {
    private final String expected = System.getProperty("sojourn.container.api", "6.1");

    @Test
    void the_container_reports_the_expected_version() throws Exception {
        AtomicReference<String> reported = new AtomicReference<>();
        try (Container.RunningContainer running = Container.configured()
                .start(context -> reported.set(context.getMajorVersion() + "." + context.getMinorVersion()), null)) {
            assertThat(running.port()).isPositive();
        }
        assertThat(reported.get()).isEqualTo(expected);
    }

    @Test
    void the_api_classes_are_those_of_the_expected_version() throws Exception {
        List<String> connectionMethods = methods("jakarta.servlet.ServletRequest");
        List<String> redirectMethods = Arrays.stream(Class.forName("jakarta.servlet.http.HttpServletResponse")
                        .getMethods())
                .filter(each -> each.getName().equals("sendRedirect") && each.getParameterCount() == 3)
                .map(Object::toString)
                .toList();

        assertThat(connectionMethods.contains("getServletConnection")).isEqualTo(!expected.equals("5.0"));
        assertThat(redirectMethods.isEmpty()).isEqualTo(!expected.equals("6.1"));
    }

    @Test
    void the_api_is_on_the_class_path_once() throws Exception {
        assertThat(ServletContext.class.getClassLoader().resources("jakarta/servlet/ServletContext.class"))
                .hasSizeLessThanOrEqualTo(
                        expected.equals("6.1") && Container.name().equals("tomcat") ? 2 : 1);
    }

    private static List<String> methods(String type) throws ClassNotFoundException {
        return Arrays.stream(Class.forName(type).getMethods())
                .map(each -> each.getName())
                .toList();
    }
}
