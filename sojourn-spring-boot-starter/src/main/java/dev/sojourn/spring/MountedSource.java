package dev.sojourn.spring;

import dev.sojourn.SourceByRequest;
import dev.sojourn.spi.SessionSource;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Finds the source of sessions that the filter mounts among the beans. */
final class MountedSource {
    private MountedSource() {}

    /** Returns the only source, or the primary one, or else the one that chooses among the others. */
    static SessionSource find(ListableBeanFactory beans) {
        SessionSource only = beans.getBeanProvider(SessionSource.class).getIfUnique();
        if (only == null) {
            only = beans.getBeanProvider(SourceByRequest.class).getIfUnique();
        }
        if (only == null) {
            throw new UnusableConfigurationException(
                    "several beans are sources of sessions, and each request uses one of them: " + names(beans),
                    "Define a bean SourceByRequest.of(...).when(...) that chooses among them by request, or mark one bean"
                            + " as @Primary.");
        }
        return only;
    }

    private static String names(ListableBeanFactory beans) {
        return Arrays.stream(beans.getBeanNamesForType(SessionSource.class))
                .sorted()
                .map(name -> name + " ("
                        + ClassUtils.getShortName(beans.getBean(name).getClass()) + ")")
                .collect(Collectors.joining(", "));
    }
}
