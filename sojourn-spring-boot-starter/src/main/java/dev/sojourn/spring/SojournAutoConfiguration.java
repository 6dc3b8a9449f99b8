package dev.sojourn.spring;

import dev.sojourn.SessionListener;
import dev.sojourn.Sessions;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.SojournFilter;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.SessionStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
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
import org.springframework.context.annotation.Conditional;
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
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.AbstractSecurityWebApplicationInitializer;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.FlashMapManager;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Configures sessions for a servlet application. The application can replace each of these beans: {@link Sessions},
 * {@link SessionStore}, {@link AttributeFormat}, {@link SojournFilter}, {@link SessionRegistry}. Any {@link SessionSource} of
 * the application, for example sealed sessions, replaces {@link Sessions}; without sessions in a store there are no beans for
 * what only a store can do.
 */
@AutoConfiguration(
        afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
        beforeName = "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(SojournProperties.class)
final class SojournAutoConfiguration {
    /**
     * The filter runs after filters that correct the request itself, and before Spring Security and all other users of a
     * session.
     */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

    @Bean
    @ConditionalOnMissingBean(SessionSource.class)
    Sessions sojournSessions(
            SojournProperties properties,
            SessionStore store,
            ObjectProvider<SessionListener> listeners,
            ObjectProvider<SessionsCustomizer> customizers,
            ConfigurableEnvironment environment) {
        try {
            return Sessions.create(config -> {
                config.store(store);
                config.listener(SessionListener.of(listeners.orderedStream().toArray(SessionListener[]::new)));
                if (properties.secret().isEmpty()) {
                    TestSecret.in(environment).ifPresent(config::secret);
                }
                new SessionsConfigurer(properties).applyTo(config);
                customizers.orderedStream().forEach(each -> each.accept(config));
            });
        } catch (IllegalArgumentException e) {
            throw new SessionsConfigurer(properties).explain(e);
        }
    }

    @Bean
    static IgnoredPropertyWarnings sojournIgnoredPropertyWarnings(
            ConfigurableEnvironment environment, ObjectProvider<SessionStore> store) {
        return new IgnoredPropertyWarnings(environment, store);
    }

    @Bean
    @ConditionalOnMissingBean
    AttributeFormat sojournAttributeFormat(
            SojournProperties properties, ObjectProvider<ValueFormat> formats, ConfigurableListableBeanFactory beans) {
        List<String> patterns = properties.attributes().filteredJavaSerialization();
        AttributeFormat rest = patterns.isEmpty()
                ? AttributeFormat.json(properties.attributes().types().toArray(Class<?>[]::new))
                : AttributeFormat.filteredJavaSerialization(patterns.toArray(String[]::new));
        return new SessionBeanFormat(
                new SpringAttributeFormat(formats.orderedStream().toList(), rest), beans);
    }

    @Bean
    static ErrorTexts sojournErrorTexts(ConfigurableEnvironment environment) {
        return ErrorTexts.in(environment);
    }

    @Bean
    @ConditionalOnMissingBean
    SojournFilter sojournFilter(
            ListableBeanFactory beans,
            SojournProperties properties,
            AttributeFormat attributes,
            ErrorTexts texts,
            ObjectProvider<SubjectResolver> subject,
            ObjectProvider<SignInResolver> signIn,
            ObjectProvider<CsrfProtection> csrf,
            ObjectProvider<HttpSessionListener> ofSessions,
            ObjectProvider<HttpSessionAttributeListener> ofAttributes,
            ObjectProvider<HttpSessionIdListener> ofIds,
            ObjectProvider<ServletListenerRegistrationBean<?>> registered) {
        Set<EventListener> listeners = new LinkedHashSet<>();
        Stream.of(ofSessions, ofAttributes, ofIds)
                .flatMap(ObjectProvider::orderedStream)
                .forEach(listeners::add);
        registered
                .orderedStream()
                .map(ServletListenerRegistrationBean::getListener)
                .filter(SojournAutoConfiguration::isSessionListener)
                .forEach(listeners::add);
        SojournFilter.Builder filter = SojournFilter.builder(MountedSource.find(beans))
                .attributes(attributes)
                .listeners(listeners.toArray(EventListener[]::new))
                .errorResponses(texts);
        if (properties.attributes().trustTypesInData()) {
            filter.trustTypesInData();
        }
        subject.ifAvailable(filter::subjectOf);
        signIn.ifAvailable(filter::signInOf);
        csrf.ifAvailable(filter::protectedElsewhere);
        return filter.build();
    }

    private static boolean isSessionListener(EventListener listener) {
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
        // InheritedProperties applies it, and IgnoredPropertyWarnings warns about the rest.
        registration.addInitParameter("dev.sojourn.cookie-config-is-honoured", "true");
        registration.setAsyncSupported(true);
        return registration;
    }

    /** Beans for tests of the application. The mock classes are absent in production. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MockHttpServletRequest.class)
    static final class MockRequests {
        @Bean
        FilterRegistrationBean<MockSessionFilter> sojournMockSessionFilter(
                SojournProperties properties, ObjectProvider<SubjectResolver> subject) {
            MockSessionFilter filter =
                    new MockSessionFilter(properties.cookie().nameOrDefault(), subject.getIfAvailable());
            FilterRegistrationBean<MockSessionFilter> registration = new FilterRegistrationBean<>(filter);
            registration.setOrder(ORDER + 1);
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
            registration.setAsyncSupported(true);
            return registration;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MockMvcBuilderCustomizer.class)
    static final class MockMvcs {
        /** Applies to the servlet that MockMvc creates. */
        @Bean
        MockMvcBuilderCustomizer sojournMockMvc(RequestHandledEvents events) {
            return builder -> builder.addDispatcherServletCustomizer(events::suppress);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean({SessionStore.class, Sessions.class})
    static final class Store {
        @Bean
        @Lazy // an application whose sessions are not in a store has none
        ConfiguredStore sojournConfiguredStore(SojournProperties properties, ObjectProvider<DataSource> database) {
            return ConfiguredStore.open(properties, database.getIfUnique());
        }

        /** Returns the store without a destroy method, because {@link ConfiguredStore} closes it. */
        @Bean(destroyMethod = "")
        @Lazy
        SessionStore sojournStore(ConfiguredStore configured) {
            return configured.store();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebMvcConfigurer.class)
    static final class Mvc {
        @Bean
        ValueFormat sojournFlashMapFormat() {
            return new FlashMapFormat();
        }

        @Bean(DispatcherServlet.FLASH_MAP_MANAGER_BEAN_NAME)
        @ConditionalOnMissingBean(name = DispatcherServlet.FLASH_MAP_MANAGER_BEAN_NAME)
        FlashMapManager sojournFlashMapManager(SojournProperties properties) {
            return new CookieFlashMapManager(properties.cookie());
        }

        @Bean
        RequestHandledEvents sojournRequestHandledEvents(
                AbstractApplicationContext context, ObjectProvider<DispatcherServlet> servlets) {
            return new RequestHandledEvents(context, servlets);
        }

        @Bean
        WebMvcConfigurer sojournSessionArgumentResolver() {
            return new WebMvcConfigurer() {
                @Override
                public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                    resolvers.add(new SessionArgumentResolver());
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({SecurityJacksonModules.class, HttpSessionSecurityContextRepository.class})
    static final class Security {
        @Bean
        @Order(1)
        ValueFormat sojournLoginFailureFormat() {
            return new LoginFailureFormat();
        }

        @Bean
        @Order(3)
        SecurityValueFormat sojournSecurityValueFormat(SojournProperties properties, ResourceLoader loader) {
            return new SecurityValueFormat(
                    Objects.requireNonNullElseGet(
                            loader.getClassLoader(), SojournAutoConfiguration.class::getClassLoader),
                    properties.attributes().types());
        }

        @Bean
        @Order(2)
        ValueFormat sojournSavedRequestFormat(SecurityValueFormat values, ObjectProvider<SessionSource> sessions) {
            return new SavedRequestFormat(
                    values,
                    () -> sessions.stream()
                            .map(SessionSource::tokenHeaders)
                            .flatMap(Set::stream)
                            .collect(Collectors.toSet()));
        }

        @Bean
        CsrfProtection sojournCsrfProtection(
                ObjectProvider<SecurityFilterChain> chains,
                @Qualifier(AbstractSecurityWebApplicationInitializer.DEFAULT_FILTER_NAME)
                        ObjectProvider<Filter> security) {
            return new SecurityCsrfFilters(chains, security);
        }

        /** Registers the filter between {@link SojournFilter} and the filter of Spring Security. */
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
        @Conditional(StoredSessionsCondition.class)
        static SessionLimitProcessor sojournSessionLimitProcessor(ObjectProvider<SessionRegistry> registry) {
            return new SessionLimitProcessor(registry::getObject);
        }

        @Bean
        @ConditionalOnMissingBean
        SubjectResolver sojournSubjectResolver() {
            return new SecurityContextSubject();
        }

        @Bean
        @ConditionalOnMissingBean
        SignInResolver sojournSignInResolver() {
            return new SecurityContextSignIn();
        }

        @Bean
        @ConditionalOnMissingBean
        @Conditional(StoredSessionsCondition.class)
        SessionRegistry sojournSessionRegistry(Sessions sessions) {
            return new SojournSessionRegistry(sessions);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(OidcSessionRegistry.class)
    @Conditional(StoredSessionsCondition.class)
    static final class OpenId {
        /** Created only if an application configures {@code oidcLogout}. */
        @Bean
        @Lazy
        @ConditionalOnMissingBean
        OidcSessionRegistry sojournOidcSessionRegistry(Sessions sessions, ObjectProvider<SessionStore> store) {
            return new SojournOidcSessions(
                    requireUserIndex(sessions),
                    new OidcLoginIndex(requireStoreBean(store.getIfUnique())),
                    Clock.systemUTC());
        }

        private static Sessions requireUserIndex(Sessions sessions) {
            try {
                sessions.of("a user");
                return sessions;
            } catch (UnsupportedOperationException e) {
                throw new UnusableConfigurationException(
                        "oidcLogout().backChannel() ends sessions by their user, and " + e.getMessage(),
                        "Use a store with a user index: set sojourn.store.");
            }
        }

        private static SessionStore requireStoreBean(@Nullable SessionStore store) {
            if (store == null) {
                throw new UnusableConfigurationException(
                        "oidcLogout().backChannel() stores the logins of sessions in the sessions' store: the SessionStore"
                                + " that the Sessions bean uses must be a bean too",
                        "Make the SessionStore a bean.");
            }
            return store;
        }

        @Bean
        static SmartInitializingSingleton sojournOidcSessionRegistryCheck(ListableBeanFactory beans) {
            return () -> {
                if (beans.getBeanNamesForType(InMemoryOidcSessionRegistry.class, true, false).length > 0) {
                    throw new UnusableConfigurationException(
                            "the OidcSessionRegistry bean is an InMemoryOidcSessionRegistry, which cannot end sessions of"
                                    + " Sojourn. Remove it, so that back-channel logout uses Sojourn's registry",
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
        @Conditional(StoredSessionsCondition.class)
        HealthIndicator sojournHealthIndicator(Sessions sessions) {
            return () -> health(sessions.health());
        }

        private static Health health(dev.sojourn.Health found) {
            Health.Builder details = found.up() ? Health.up() : Health.down();
            found.problem().ifPresent(problem -> details.withDetail("problem", problem));
            return details.withDetail("took", found.took().toMillis() + " ms").build();
        }
    }
}
