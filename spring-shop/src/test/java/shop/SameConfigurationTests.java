package shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.ApplicationContext;

/** Has the same configuration as {@link ShopApplicationTests}, so that both share one cached context. */
@SpringBootTest
@AutoConfigureMockMvc
@AutoConfigureWebTestClient
class SameConfigurationTests {
    static final Set<Integer> CONTEXTS = ConcurrentHashMap.newKeySet();

    @Test
    void sharesItsContextWithTestsOfTheSameConfiguration(@Autowired ApplicationContext context) {
        CONTEXTS.add(System.identityHashCode(context));
        assertThat(CONTEXTS).hasSize(1);
    }
}
