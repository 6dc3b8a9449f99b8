package dev.sojourn.spring;

import dev.sojourn.SessionListener;
import dev.sojourn.Sessions;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.SojournFilter;
import dev.sojourn.spi.SessionStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.time.Clock;
import java.util.EnumSet;
import java.util.EventListener;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletListenerRegistrationBean;
import org.springframework.boot.webmvc.test.autoconfigure.MockMvcBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.jackson.SecurityJacksonModules;
import org.springframework.security.oauth2.client.oidc.session.InMemoryOidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionRegistry;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.FlashMapManager;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Sessions for a servlet application. Every bean here gives way to one of the application's own: {@link Sessions},
 * {@link SessionStore}, {@link AttributeFormat}, {@link SojournFilter}, {@link SessionRegistry}.
 */
@AutoConfiguration(
        afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
        beforeName = "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(SojournProperties.class)
final class SojournAutoConfiguration {
    /** Before Spring Security and everything else that asks for a session; after what mends the request itself. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

    @Bean
    @ConditionalOnMissingBean
    Sessions sojournSessions(
            SojournProperties properties,
            SessionStore store,
            ObjectProvider<SessionListener> listener,
            ObjectProvider<SessionsCustomizer> customizers,
            ConfigurableEnvironment environment) {
        try {
            return Sessions.create(config -> {
                config.store(store);
                listener.ifUnique(config::listener);
                if (properties.secret().isEmpty()) {
                    TestSecret.in(environment).ifPresent(config::secret);
                }
                new Configured(properties).applyTo(config);
                customizers.orderedStream().forEach(each -> each.accept(config));
            });
        } catch (IllegalArgumentException e) {
            throw new Configured(properties).unusable(e);
        }
    }

    @Bean
    static IgnoredSettings sojournIgnoredSettings(
            ConfigurableEnvironment environment, ObjectProvider<SessionStore> store) {
        return new IgnoredSettings(environment, store);
    }

    @Bean
    @ConditionalOnMissingBean
    AttributeFormat sojournAttributes(
            SojournProperties properties, ObjectProvider<AttributeKind> kinds, ConfigurableListableBeanFactory beans) {
        List<String> patterns = properties.attributes().filteredJavaSerialization();
        AttributeFormat rest = patterns.isEmpty()
                ? AttributeFormat.json(properties.attributes().types().toArray(Class<?>[]::new))
                : AttributeFormat.filteredJavaSerialization(patterns.toArray(String[]::new));
        return new SessionBeans(new SpringAttributeFormat(kinds.orderedStream().toList(), rest), beans);
    }

    @Bean
    static ErrorTexts sojournErrorTexts(ConfigurableEnvironment environment) {
        return ErrorTexts.in(environment);
    }

    @Bean
    @ConditionalOnMissingBean
    SojournFilter sojournFilter(
            Sessions sessions,
            SojournProperties properties,
            AttributeFormat attributes,
            ErrorTexts texts,
            ObjectProvider<SubjectSource> subject,
            ObjectProvider<HttpSessionListener> ofSessions,
            ObjectProvider<HttpSessionAttributeListener> ofAttributes,
            ObjectProvider<HttpSessionIdListener> ofIds,
            ObjectProvider<ServletListenerRegistrationBean<?>> registered) {
        Set<EventListener> heard = new LinkedHashSet<>();
        Stream.of(ofSessions, ofAttributes, ofIds)
                .flatMap(ObjectProvider::orderedStream)
                .forEach(heard::add);
        registered
                .orderedStream()
                .map(ServletListenerRegistrationBean::getListener)
                .filter(SojournAutoConfiguration::hearsOfSessions)
                .forEach(heard::add);
        SojournFilter.Builder filter = SojournFilter.builder(sessions)
                .attributes(attributes)
                .listeners(heard.toArray(EventListener[]::new))
                .errorResponses(texts);
        if (properties.attributes().trustTypesInData()) {
            filter.trustTypesInData();
        }
        subject.ifAvailable(filter::subjectOf);
        return filter.build();
    }

    private static boolean hearsOfSessions(EventListener listener) {
        return listener instanceof HttpSessionListener
                || listener instanceof HttpSessionAttributeListener
                || listener instanceof HttpSessionIdListener;
    }

    @Bean
    @ConditionalOnMissingBean(name = "sojournFilterRegistration")
    FilterRegistrationBean<SojournFilter> sojournFilterRegistration(SojournFilter filter) {
        FilterRegistrationBean<SojournFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(ORDER);
        registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        // By InheritedSettings; what cannot be is told by IgnoredSettings.
        registration.addInitParameter("dev.sojourn.cookie-config-is-honoured", "true");
        registration.setAsyncSupported(true);
        return registration;
    }

    /** For tests of the application; in production there is no such class. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MockHttpServletRequest.class)
    static final class Mocks {
        @Bean
        FilterRegistrationBean<MockSessions> sojournMockSessions(
                SojournProperties properties, ObjectProvider<SubjectSource> subject) {
            MockSessions filter = new MockSessions(properties.cookie().nameOrDefault(), subject.getIfAvailable());
            FilterRegistrationBean<MockSessions> registration = new FilterRegistrationBean<>(filter);
            registration.setOrder(ORDER + 1);
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
            registration.setAsyncSupported(true);
            return registration;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MockMvcBuilderCustomizer.class)
    static final class MockMvcs {
        /** MockMvc has a servlet of its own. */
        @Bean
        MockMvcBuilderCustomizer sojournMockMvc(UnheardEvents events) {
            return builder -> builder.addDispatcherServletCustomizer(events::keepQuiet);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean({SessionStore.class, Sessions.class})
    static final class Store {
        @Bean
        OpenedStore sojournOpenedStore(SojournProperties properties, ObjectProvider<DataSource> database) {
            return OpenedStore.open(properties, database.getIfUnique());
        }

        /** Closed by what opened it. */
        @Bean(destroyMethod = "")
        SessionStore sojournStore(OpenedStore opened) {
            return opened.store();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebMvcConfigurer.class)
    static final class Mvc {
        @Bean
        AttributeKind sojournFlashMaps() {
            return new FlashMaps();
        }

        @Bean(DispatcherServlet.FLASH_MAP_MANAGER_BEAN_NAME)
        @ConditionalOnMissingBean(name = DispatcherServlet.FLASH_MAP_MANAGER_BEAN_NAME)
        FlashMapManager sojournFlashMapManager(SojournProperties properties) {
            return new AnnouncedFlashMaps(properties.cookie());
        }

        @Bean
        UnheardEvents sojournUnheardEvents(
                AbstractApplicationContext context, ObjectProvider<DispatcherServlet> servlets) {
            return new UnheardEvents(context, servlets);
        }

        @Bean
        WebMvcConfigurer sojournSessionArgument() {
            return new WebMvcConfigurer() {
                @Override
                public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                    resolvers.add(new SessionArgument());
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({SecurityJacksonModules.class, HttpSessionSecurityContextRepository.class})
    static final class Security {
        @Bean
        @Order(1)
        AttributeKind sojournLoginFailures() {
            return new LoginFailures();
        }

        @Bean
        @Order(3)
        SecurityValues sojournSecurityValues(SojournProperties properties, ResourceLoader loader) {
            return new SecurityValues(
                    Objects.requireNonNullElseGet(
                            loader.getClassLoader(), SojournAutoConfiguration.class::getClassLoader),
                    properties.attributes().types());
        }

        @Bean
        @Order(2)
        AttributeKind sojournSavedRequests(SecurityValues values, ObjectProvider<Sessions> sessions) {
            return new SavedRequests(
                    values,
                    () -> sessions.stream()
                            .findFirst()
                            .map(Sessions::tokenHeaders)
                            .orElse(Set.of()));
        }

        /** Between our filter and Spring Security's. */
        @Bean
        FilterRegistrationBean<UnstorableValueFilter> sojournUnstorableValueFilter(ErrorTexts texts) {
            FilterRegistrationBean<UnstorableValueFilter> registration =
                    new FilterRegistrationBean<>(new UnstorableValueFilter(texts));
            registration.setOrder(ORDER + 1);
            registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
            registration.setAsyncSupported(true);
            return registration;
        }

        @Bean
        static LimitedSignIns sojournLimitedSignIns(ObjectProvider<SessionRegistry> registry) {
            return new LimitedSignIns(registry::getObject);
        }

        /** Around our filter: when that is done, the session is stored. */
        @Bean
        FilterRegistrationBean<SurplusSessions> sojournSurplusSessions(Sessions sessions) {
            FilterRegistrationBean<SurplusSessions> registration =
                    new FilterRegistrationBean<>(new SurplusSessions(sessions));
            registration.setOrder(ORDER - 1);
            registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
            registration.setAsyncSupported(true);
            return registration;
        }

        @Bean
        @ConditionalOnMissingBean
        SubjectSource sojournSignedInUser() {
            return new SignedInUser();
        }

        @Bean
        @ConditionalOnMissingBean
        SessionRegistry sojournSessionRegistry(Sessions sessions) {
            return new SojournSessionRegistry(sessions);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(OidcSessionRegistry.class)
    static final class OpenId {
        /** Made only where an application configures {@code oidcLogout}. */
        @Bean
        @Lazy
        @ConditionalOnMissingBean
        OidcSessionRegistry sojournOidcSessions(Sessions sessions, ObjectProvider<SessionStore> store) {
            return new SojournOidcSessions(
                    canBeEnded(sessions), new OidcLinks(keptIn(store.getIfUnique())), Clock.systemUTC());
        }

        private static Sessions canBeEnded(Sessions sessions) {
            try {
                sessions.of("a user");
                return sessions;
            } catch (UnsupportedOperationException e) {
                throw new UnusableConfigurationException(
                        "oidcLogout().backChannel() ends sessions by their user, and " + e.getMessage(),
                        "Keep sessions in a store with an index of users: set sojourn.store.");
            }
        }

        private static SessionStore keptIn(@Nullable SessionStore store) {
            if (store == null) {
                throw new UnusableConfigurationException(
                        "oidcLogout().backChannel() keeps beside the sessions which login"
                                + " they come from: the SessionStore that the Sessions bean uses has to be a bean too",
                        "Make the SessionStore a bean.");
            }
            return store;
        }

        @Bean
        static SmartInitializingSingleton sojournOidcSessionsOfOneNode(ListableBeanFactory beans) {
            return () -> {
                if (beans.getBeanNamesForType(InMemoryOidcSessionRegistry.class, true, false).length > 0) {
                    throw new UnusableConfigurationException(
                            "the OidcSessionRegistry bean is an"
                                    + " InMemoryOidcSessionRegistry, which cannot end a session here, on any node: remove it, and"
                                    + " back-channel logout uses Sojourn's",
                            "Remove the OidcSessionRegistry bean.");
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static final class Actuator {
        @Bean
        @ConditionalOnMissingBean(name = "sojournHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("sojourn")
        HealthIndicator sojournHealthIndicator(Sessions sessions) {
            return () -> health(sessions.health());
        }

        private static Health health(dev.sojourn.Health found) {
            Health.Builder told = found.up() ? Health.up() : Health.down();
            found.problem().ifPresent(problem -> told.withDetail("problem", problem));
            return told.withDetail("took", found.took().toMillis() + " ms").build();
        }
    }
}
