package dev.sojourn.spring;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionStore;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Configures sessions for tests of a slice of the application ({@code @WebMvcTest}). Such tests have no database and need no
 * server, so their sessions are in memory whatever the properties name.
 */
@AutoConfiguration(before = SojournAutoConfiguration.class)
final class SliceAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean({SessionStore.class, Sessions.class})
    SessionStore sojournStore() {
        return new MemoryStore();
    }
}
