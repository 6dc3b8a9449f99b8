package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestBuilders.formLogin;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.cookie;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;

import jakarta.servlet.http.Cookie;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.ApplicationContext;
import org.springframework.http.ResponseCookie;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.MockMvc;

/** Tests the whole application in a mock environment, with sessions in the database. */
@SpringBootTest
@AutoConfigureMockMvc
@AutoConfigureWebTestClient
class ShopApplicationTests {
    @Autowired
    private MockMvc mvc;

    @Autowired
    private WebTestClient client;

    @Autowired
    private ApplicationContext context;

    @Autowired
    private JdbcTemplate database;

    @Test
    void keepsACartByItsCookie() throws Exception {
        Cookie session = mvc.perform(post("/cart").param("product", "teapot").with(csrf()))
                .andExpect(redirectedUrl("/cart"))
                .andExpect(cookie().exists("SESSION"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION");

        mvc.perform(get("/cart").cookie(session)).andExpect(content().string(containsString("<p id='size'>1</p>")));
    }

    @Test
    void signsInAndStaysSignedIn() throws Exception {
        Cookie session = mvc.perform(formLogin().user("alice").password("wonderland"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION");

        mvc.perform(get("/account").cookie(session)).andExpect(content().string("account of alice"));
        mvc.perform(post("/logout").cookie(session).with(csrf())).andExpect(redirectedUrl("/"));
        mvc.perform(get("/account").cookie(session).accept("text/html")).andExpect(redirectedUrlPattern("/login*"));
    }

    @Test
    void remembersAUserWithoutASession() throws Exception {
        Cookie remembered = mvc.perform(post("/login")
                        .param("username", "alice")
                        .param("password", "wonderland")
                        .param("remember-me", "on")
                        .with(csrf()))
                .andReturn()
                .getResponse()
                .getCookie("remember-me");

        mvc.perform(get("/account").cookie(remembered)).andExpect(content().string("account of alice"));
    }

    @Test
    void acceptsAUserOfTheTest() throws Exception {
        mvc.perform(get("/account").with(user("bob"))).andExpect(content().string("account of bob"));
    }

    @Test
    void worksWithTheWebTestClient() {
        ResponseCookie session = client.get()
                .uri("/products/teapot")
                .exchange()
                .expectStatus()
                .isOk()
                .expectCookie()
                .exists("SESSION")
                .returnResult(String.class)
                .getResponseCookies()
                .getFirst("SESSION");

        client.get()
                .uri("/recent")
                .cookie("SESSION", session.getValue())
                .exchange()
                .expectBody(String.class)
                .isEqualTo("[\"teapot\"]");
    }

    @Test
    void sharesItsContextWithTestsOfTheSameConfiguration() {
        assertThat(SameConfigurationTests.CONTEXTS.add(System.identityHashCode(context))
                        || SameConfigurationTests.CONTEXTS.size() == 1)
                .isTrue();
        assertThat(SameConfigurationTests.CONTEXTS).hasSize(1);
        assertThat(database.queryForObject(
                        "select count(*) from information_schema.tables"
                                + " where table_name in ('SPRING_SESSION', 'SOJOURN_SESSION')",
                        Integer.class))
                .isEqualTo(1);
    }
}
