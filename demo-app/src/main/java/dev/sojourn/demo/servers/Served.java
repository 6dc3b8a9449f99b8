package dev.sojourn.demo.servers;

import dev.sojourn.Sessions;
import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.web.Dispatcher;
import dev.sojourn.demo.web.Outside;

/**
 * What a server serves. From the outside in: {@code outside} at its own paths, with nothing around it; at every other
 * path the recorder, in it the session's adapter over {@code sessions}, and in that the pages.
 *
 * @param sessions what the session's adapter is mounted with
 * @param outside what has no session
 * @param pages everything else
 * @param recorder the journal, which sees the head as the session's adapter has left it
 */
public record Served(Sessions sessions, Outside outside, Dispatcher pages, Recorder recorder) {}
