package dev.sojourn.spring.readme;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.test.web.servlet.MockMvc;

@WebMvcTest(Counter.class)
@WithMockUser("alice")
class CounterTests {
    @Autowired
    private MockMvc mvc;

    @Test
    void countsTheViewsOfASession() throws Exception {
        MockHttpSession session = new MockHttpSession();
        mvc.perform(get("/").session(session)).andExpect(content().string("views: 1\n"));
        mvc.perform(get("/").session(session))
                .andExpect(content().string("views: 2\n"))
                .andExpect(request().sessionAttribute("username", "John Doe"));
    }

    @Test
    void goesOnFromWhatTheTestPutsIntoTheSession() throws Exception {
        mvc.perform(get("/").sessionAttr("views", 41)).andExpect(content().string("views: 42\n"));
    }
}
