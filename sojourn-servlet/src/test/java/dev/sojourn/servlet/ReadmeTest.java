package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.servlet.readme.Counter;
import dev.sojourn.servlet.readme.Mounting;
import dev.sojourn.servlet.readme.Shop;
import dev.sojourn.tools.Quotation;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serial;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that the README quotes code that is compiled and run here. */
class ReadmeTest {
    @ParameterizedTest
    @CsvSource({"Counter, counter", "Mounting, mounting", "Shop, drop-in", "Sockets, socket"})
    void the_readme_quotes_code_that_is_compiled_here(String file, String part) throws IOException {
        Path source = Path.of("src/test/java/dev/sojourn/servlet/readme/" + file + ".java");

        assertThat(Files.readString(Path.of("README.md")))
                .contains(Quotation.linesBetween(source, "// README: " + part, "// end"));
    }

    @Test
    void the_counter_counts_requests() throws Exception {
        Tomcat tomcat = Counter.start(Sessions.create(c -> c.secret(Site.SECRET)), 0);
        try {
            Browser browser = new Browser(tomcat.getConnector().getLocalPort());
            assertThat(browser.get("/").text().strip()).isEqualTo("You have been here 1 times");
            assertThat(browser.get("/").text().strip()).isEqualTo("You have been here 2 times");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @Test
    @SuppressWarnings("deprecation") // what Tomcat's own class for embedding has no other way for
    void a_listener_of_a_deployed_application_mounts_the_filter() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir("target/tomcat");
        tomcat.setPort(0);
        tomcat.getConnector();
        Context context = tomcat.addContext("", null);
        context.addApplicationListener(Mounting.class.getName());
        Tomcat.addServlet(context, "counter", new Counter());
        context.addServletMappingDecoded("/", "counter");
        tomcat.start();
        try {
            Browser browser = new Browser(tomcat.getConnector().getLocalPort());
            assertThat(browser.get("/").text().strip()).isEqualTo("You have been here 1 times");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @Test
    void the_shop_keeps_carts_and_counts_sessions() throws Exception {
        Shop.Online online = new Shop.Online();
        try (Container.RunningContainer shop =
                Container.configured().start(Shop.mount(Site.SECRET, online), new Page())) {
            Browser browser = new Browser(shop.port());
            assertThat(browser.get("/tea").text()).isEqualTo("[Item[name=/tea, price=1.50]]");
            assertThat(browser.get("/rice").text())
                    .isEqualTo("[Item[name=/tea, price=1.50], Item[name=/rice, price=1.50]]");
            assertThat(online.visitors).hasValue(1);
            browser.get("/logout");
            assertThat(online.visitors).hasValue(0);
        }
    }

    private static final class Page extends HttpServlet {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpSession session = request.getSession();
            if (request.getRequestURI().equals("/logout")) {
                session.invalidate();
                return;
            }
            Object found = session.getAttribute("cart");
            Shop.Cart cart = found == null ? new Shop.Cart() : (Shop.Cart) found;
            cart.items.add(new Shop.Item(request.getRequestURI(), new BigDecimal("1.50")));
            session.setAttribute("cart", cart);
            response.getWriter().print(cart.items);
        }
    }
}
