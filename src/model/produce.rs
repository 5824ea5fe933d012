//! A stream of events out of one future that hands them over as it goes.
//!
//! The future runs inside the stream, not in a task of its own: dropping the stream drops the future and whatever it
//! holds (a connection, above all), and nothing goes on running that nobody listens to.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures::{FutureExt, Stream, StreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::event::{Event, Reply};

/// Where the future puts its events.
#[derive(Debug, Clone)]
pub(super) struct Sink(UnboundedSender<Event>);

impl Sink {
    /// Hands over one event. When nobody listens any more the future is about to be dropped, so there is no error.
    pub fn send(&self, event: Event) {
        let _ = self.0.send(event);
    }
}

/// The events that the future made by `work` sends, until it ends.
///
/// Memory stays bounded although the channel is not: the future is polled only when everything it sent was taken.
pub(super) fn produce<F>(work: impl FnOnce(Sink) -> F) -> Reply
where
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, events) = unbounded_channel();
    Produced { work: Some(Box::pin(work(Sink(sender)))), events }.boxed()
}

struct Produced {
    work: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    events: UnboundedReceiver<Event>,
}

impl Stream for Produced {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        loop {
            if let Ok(event) = self.events.try_recv() {
                return Poll::Ready(Some(event));
            }
            let Some(work) = &mut self.work else { return Poll::Ready(None) };
            if work.poll_unpin(cx).is_ready() {
                self.work = None;
            } else {
                // Whatever was sent before the future paused is on offer now; its waker is registered for the rest.
                return match self.events.try_recv() {
                    Ok(event) => Poll::Ready(Some(event)),
                    Err(_) => Poll::Pending,
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn events_come_in_order_and_the_stream_ends_with_the_future() {
        let events: Vec<_> = produce(|sink| async move {
            sink.send(Event::Started);
            tokio::task::yield_now().await;
            sink.send(Event::Text("a".into()));
            sink.send(Event::Text("b".into()));
        })
        .collect()
        .await;
        assert_eq!(events, [Event::Started, Event::Text("a".into()), Event::Text("b".into())]);
    }

    #[tokio::test]
    async fn dropping_the_stream_drops_the_future() {
        let (alive, mut gone) = tokio::sync::oneshot::channel::<()>();
        let mut reply = produce(|sink| async move {
            let _alive = alive;
            sink.send(Event::Started);
            std::future::pending::<()>().await;
        });
        assert_eq!(reply.next().await, Some(Event::Started));
        assert!(gone.try_recv().is_err_and(|error| error == tokio::sync::oneshot::error::TryRecvError::Empty));
        drop(reply);
        assert!(gone.await.is_err());
    }
}
