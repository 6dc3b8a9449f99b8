package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.web.Dispatcher;
import dev.sojourn.demo.web.SessionlessPaths;
import dev.sojourn.spi.SessionSource;

/**
 * The content that a server serves. {@code sessionless} responds at its own paths, without the session middleware. At
 * every other path the recorder wraps the session adapter over {@code sessions}, which wraps the pages.
 *
 * @param sessions the sessions for the session adapter
 * @param sessionless the paths without a session
 * @param pages all other paths
 * @param recorder the journal's recorder, which sees the headers that the session adapter has set
 */
public record DemoContent(SessionSource sessions, SessionlessPaths sessionless, Dispatcher pages, Recorder recorder) {}
