package dev.sojourn.spring;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionStore;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Sessions for tests of a part of the application ({@code @WebMvcTest}), which have no database and shall not look for a
 * server: whatever the properties name, they are in memory.
 */
@AutoConfiguration(before = SojournAutoConfiguration.class)
final class SliceAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean({SessionStore.class, Sessions.class})
    SessionStore sojournStore() {
        return new MemoryStore();
    }
}
