package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

@WebMvcTest({RegistrationController.class, ProductController.class})
@Import({SecurityConfiguration.class, RecentlyViewed.class})
class RegistrationControllerTests {
    @Autowired
    private MockMvcTester mvc;

    @Test
    void keepsTheFirstPageForTheSecond() {
        MockHttpSession session = new MockHttpSession();
        assertThat(mvc.post()
                        .uri("/register/name")
                        .param("name", "Alice")
                        .session(session)
                        .with(csrf()))
                .hasStatus3xxRedirection()
                .request()
                .sessionAttributes()
                .containsKey("registration");
        assertThat(mvc.post()
                        .uri("/register/city")
                        .param("city", "Oxford")
                        .session(session)
                        .with(csrf()))
                .bodyText()
                .isEqualTo("Alice of Oxford");
        assertThat(session.getAttribute("registration")).isNull();
    }

    @Test
    void takesARegistrationFromTheTest() {
        Registration registration = new Registration();
        registration.setName("Bob");
        MvcTestResult result = mvc.post()
                .uri("/register/city")
                .param("city", "Bath")
                .sessionAttr("registration", registration)
                .with(csrf())
                .exchange();
        assertThat(result).hasStatusOk().bodyText().isEqualTo("Bob of Bath");
    }

    @Test
    void listsRecentlyViewedProducts() {
        MockHttpSession session = new MockHttpSession();
        assertThat(mvc.get().uri("/products/teapot").session(session)).hasStatusOk();
        assertThat(mvc.get().uri("/products/cup").session(session)).hasStatusOk();
        assertThat(mvc.get().uri("/recent").session(session)).bodyText().isEqualTo("[\"cup\",\"teapot\"]");
        assertThat(mvc.get().uri("/recent")).bodyText().isEqualTo("[]");
    }
}
