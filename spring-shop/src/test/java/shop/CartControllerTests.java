package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasProperty;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.flash;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.HttpSession;
import org.htmlunit.WebClient;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;

@WebMvcTest(CartController.class)
@Import(SecurityConfiguration.class)
class CartControllerTests {
    @Autowired
    private MockMvc mvc;

    @Autowired
    private WebClient browser;

    @Test
    void startsWithAnEmptyCart() throws Exception {
        MvcResult result = mvc.perform(get("/cart"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("<p id='size'>0</p>")))
                .andReturn();
        HttpSession session = result.getRequest().getSession(false);
        assertThat(session == null || session.getAttribute("cart") == null).isTrue();
    }

    @Test
    void createsNoSessionForAPing() throws Exception {
        MvcResult result =
                mvc.perform(get("/ping")).andExpect(content().string("pong")).andReturn();
        assertThat(result.getRequest().getSession(false)).isNull();
    }

    @Test
    void showsTheCartOfTheSession() throws Exception {
        Cart cart = new Cart();
        cart.add("teapot", 2);
        mvc.perform(get("/cart").sessionAttr("cart", cart))
                .andExpect(content().string(containsString("<p id='size'>2</p>")));
    }

    @Test
    void putsAProductIntoTheCart() throws Exception {
        mvc.perform(post("/cart").param("product", "teapot").with(csrf()))
                .andExpect(redirectedUrl("/cart"))
                .andExpect(flash().attribute("message", "teapot is in your cart"))
                .andExpect(request().sessionAttribute("cart", instanceOf(Cart.class)))
                .andExpect(request().sessionAttributeDoesNotExist("order"));
    }

    @Test
    void keepsTheCartFromRequestToRequest() throws Exception {
        MockHttpSession session = new MockHttpSession();
        mvc.perform(post("/cart").param("product", "teapot").session(session).with(csrf()));
        mvc.perform(post("/cart").param("product", "cup").session(session).with(csrf()));

        mvc.perform(get("/cart").session(session)).andExpect(content().string(containsString("<p id='size'>2</p>")));
        assertThat(((Cart) session.getAttribute("cart")).items())
                .extracting(Cart.Item::product)
                .containsExactly("teapot", "cup");
    }

    @Test
    void showsTheFlashMessageOnceAfterTheRedirect() throws Exception {
        MockHttpSession session = new MockHttpSession();
        mvc.perform(post("/cart").param("product", "teapot").session(session).with(csrf()));
        mvc.perform(get("/cart").session(session))
                .andExpect(content().string(containsString("teapot is in your cart")));
        mvc.perform(get("/cart").session(session))
                .andExpect(content().string(not(containsString("teapot is in your cart"))));
        mvc.perform(get("/cart").flashAttr("message", "from the test"))
                .andExpect(content().string(containsString("from the test")));
    }

    @Test
    void emptiesTheCartAtTheCheckout() throws Exception {
        Cart cart = new Cart();
        cart.add("teapot", 1);
        MockHttpSession session = new MockHttpSession();
        session.setAttribute("cart", cart);
        mvc.perform(post("/cart/checkout").session(session).with(csrf()))
                .andExpect(content().string("thank you"));
        assertThat(session.getAttribute("cart")).isNull();
    }

    @Test
    void countsAsynchronously() throws Exception {
        Cart cart = new Cart();
        cart.add("teapot", 3);
        MvcResult started = mvc.perform(get("/cart/size").sessionAttr("cart", cart))
                .andExpect(request().asyncStarted())
                .andReturn();
        mvc.perform(asyncDispatch(started))
                .andExpect(status().isOk())
                .andExpect(content().string("size 3"))
                .andExpect(request().sessionAttribute("counted", true))
                .andExpect(request().sessionAttribute("cart", hasProperty("class")));
    }

    @Test
    void refusesAFormWithoutCsrfToken() throws Exception {
        mvc.perform(post("/cart").param("product", "teapot")).andExpect(status().isForbidden());
    }

    @Test
    void worksInABrowser() throws Exception {
        HtmlPage page = browser.getPage("http://localhost/cart");
        HtmlForm form = page.getForms().get(0);
        form.getInputByName("product").setValue("teapot");
        HtmlPage next = ((HtmlButton) page.getElementById("add")).click();

        assertThat(next.getElementById("size").getTextContent()).isEqualTo("1");
        assertThat(next.getElementById("message").getTextContent()).isEqualTo("teapot is in your cart");
        HtmlPage again = browser.getPage("http://localhost/cart");
        assertThat(again.getElementById("size").getTextContent()).isEqualTo("1");
        assertThat(again.getElementById("message")).isNull();
    }
}
