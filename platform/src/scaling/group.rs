//! Workers as instances of an EC2 Auto Scaling group, one worker an instance, started by the instance itself.
//!
//! While something runs, only instances that are known to have nothing to do are ended, by their id: the group would choose
//! any. A worker is known by its instance when it reads the metadata (`AUTOML_SPOT=true`).

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_autoscaling::Client;
use aws_sdk_autoscaling::types::AutoScalingGroup;
use entities::task::Queue;

use super::{Fleet, Surplus, refused};
use crate::Error;
use crate::settings::{Place, Scaling};

/// A group per queue. Its own minimum and maximum hold as well.
#[derive(Debug)]
pub struct Group {
    scaling: Scaling,
    client: Client,
}

impl Group {
    /// Nothing is asked of AWS yet.
    pub fn new(scaling: Scaling, config: &SdkConfig) -> Self {
        Self {
            scaling,
            client: Client::new(config),
        }
    }

    fn name(&self, queue: Queue) -> Result<&str, Error> {
        match self.scaling.of(queue).map(|scaled| &scaled.place) {
            Some(Place::Group { name }) => Ok(name),
            _ => Err(Error::Fleet(format!(
                "{queue:?} workers are no instances of a group"
            ))),
        }
    }

    async fn describe(&self, queue: Queue) -> Result<AutoScalingGroup, Error> {
        let name = self.name(queue)?;
        let answer = self
            .client
            .describe_auto_scaling_groups()
            .auto_scaling_group_names(name)
            .send()
            .await
            .map_err(|error| refused("DescribeAutoScalingGroups", &error))?;
        let first = answer.auto_scaling_groups.unwrap_or_default().into_iter().next();
        first.ok_or_else(|| Error::Fleet(format!("there is no Auto Scaling group {name}")))
    }

    async fn set(&self, queue: Queue, capacity: usize) -> Result<(), Error> {
        let name = self.name(queue)?;
        self.client
            .set_desired_capacity()
            .auto_scaling_group_name(name)
            .desired_capacity(i32::try_from(capacity).unwrap_or(i32::MAX))
            .honor_cooldown(false)
            .send()
            .await
            .map_err(|error| refused("SetDesiredCapacity", &error))?;
        tracing::info!(group.name = name, capacity, "an Auto Scaling group is resized");
        Ok(())
    }

    async fn terminate(&self, instance: &str) -> Result<(), Error> {
        self.client
            .terminate_instance_in_auto_scaling_group()
            .instance_id(instance)
            .should_decrement_desired_capacity(true)
            .send()
            .await
            .map_err(|error| refused("TerminateInstanceInAutoScalingGroup", &error))?;
        tracing::info!(instance.id = instance, "an idle instance is ended");
        Ok(())
    }
}

#[async_trait]
impl Fleet for Group {
    async fn size(&self, queue: Queue) -> Result<usize, Error> {
        Ok(count(self.describe(queue).await?.desired_capacity))
    }

    async fn grow(&self, queue: Queue, by: usize) -> Result<(), Error> {
        let group = self.describe(queue).await?;
        let (size, max) = (count(group.desired_capacity), count(group.max_size));
        let wanted = (size + by).min(max);
        if wanted == size {
            return Err(Error::Fleet(format!(
                "the group {} is at its own maximum of {max}",
                self.name(queue)?
            )));
        }
        self.set(queue, wanted).await
    }

    async fn shrink(&self, queue: Queue, surplus: &Surplus) -> Result<(), Error> {
        let group = self.describe(queue).await?;
        let size = count(group.desired_capacity);
        let to = surplus.to.max(count(group.min_size));
        if to >= size {
            return Ok(());
        }
        if surplus.is_quiet {
            return self.set(queue, to).await;
        }
        let instances = group.instances();
        let idle = instances.iter().filter_map(|instance| instance.instance_id());
        let idle = idle.filter(|id| surplus.idle_hosts.iter().any(|host| host == id));
        for id in idle.take(size - to) {
            self.terminate(id).await?;
        }
        Ok(())
    }
}

fn count(number: Option<i32>) -> usize {
    usize::try_from(number.unwrap_or(0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::super::double::{Answer, Double, Request, scaling};
    use super::*;

    const NAMESPACE: &str = "http://autoscaling.amazonaws.com/doc/2011-01-01/";

    /// Desired capacity and instances of a group of 0 to 4.
    type State = Arc<Mutex<(usize, Vec<&'static str>)>>;

    fn answer(state: &State, request: &Request) -> Answer {
        let mut state = state.lock().unwrap();
        let action = request.form("Action").unwrap_or_default();
        let result = match action.as_str() {
            "DescribeAutoScalingGroups" => {
                let instances: String = state.1.iter().map(|id| member(id)).collect();
                format!(
                    "<AutoScalingGroups><member><AutoScalingGroupName>workers</AutoScalingGroupName><MinSize>0</MinSize>\
                     <MaxSize>4</MaxSize><DesiredCapacity>{}</DesiredCapacity><Instances>{instances}</Instances></member></AutoScalingGroups>",
                    state.0
                )
            }
            "SetDesiredCapacity" => {
                state.0 = request.form("DesiredCapacity").unwrap().parse().unwrap();
                String::new()
            }
            "TerminateInstanceInAutoScalingGroup" => {
                assert_eq!(
                    request.form("ShouldDecrementDesiredCapacity").as_deref(),
                    Some("true")
                );
                let id = request.form("InstanceId").unwrap();
                state.1.retain(|known| *known != id);
                state.0 -= 1;
                String::new()
            }
            _ => return Answer::status(400, ""),
        };
        Answer::status(
            200,
            &format!("<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{result}</{action}Result></{action}Response>"),
        )
        .with("content-type", "text/xml")
    }

    fn member(id: &str) -> String {
        format!(
            "<member><InstanceId>{id}</InstanceId><AvailabilityZone>a</AvailabilityZone><LifecycleState>InService</LifecycleState>\
             <HealthStatus>Healthy</HealthStatus><ProtectedFromScaleIn>false</ProtectedFromScaleIn></member>"
        )
    }

    async fn group() -> (Double, State, Group) {
        let state = State::default();
        let known = Arc::clone(&state);
        let double = Double::start(move |request| answer(&known, request)).await;
        let place = Place::Group {
            name: "workers".to_owned(),
        };
        let scaling = scaling(&double.url, 0, place);
        let config = double.config(&scaling).await;
        (double, state, Group::new(scaling, &config))
    }

    fn actions(double: &Double) -> Vec<String> {
        let requests = double.requests();
        let changes = requests.iter().filter_map(|request| request.form("Action"));
        changes.filter(|action| !action.starts_with("Describe")).collect()
    }

    #[tokio::test]
    async fn grows_up_to_the_maximum_of_the_group() {
        let (double, state, group) = group().await;
        group.grow(Queue::Cpu, 3).await.unwrap();
        assert_eq!(group.size(Queue::Cpu).await.unwrap(), 3);
        group.grow(Queue::Cpu, 3).await.unwrap();
        assert_eq!(state.lock().unwrap().0, 4);
        let refused = group.grow(Queue::Cpu, 1).await;
        assert!(matches!(refused, Err(Error::Fleet(_))), "{refused:?}");
        assert_eq!(actions(&double), ["SetDesiredCapacity", "SetDesiredCapacity"]);
        let requests = double.requests();
        assert_eq!(
            requests[0].form("AutoScalingGroupNames.member.1").as_deref(),
            Some("workers")
        );
        assert!(requests.iter().all(|request| request.is_signed("autoscaling")));
    }

    #[tokio::test]
    async fn ends_only_idle_instances_while_something_runs() {
        let (double, state, group) = group().await;
        *state.lock().unwrap() = (3, vec!["i-busy", "i-idle", "i-new"]);
        let mut surplus = Surplus {
            to: 0,
            idle_hosts: vec!["i-idle".to_owned(), "elsewhere".to_owned()],
            is_quiet: false,
        };
        group.shrink(Queue::Cpu, &surplus).await.unwrap();
        assert_eq!(*state.lock().unwrap(), (2, vec!["i-busy", "i-new"]));
        surplus.is_quiet = true;
        group.shrink(Queue::Cpu, &surplus).await.unwrap();
        assert_eq!(state.lock().unwrap().0, 0);
        group.shrink(Queue::Cpu, &surplus).await.unwrap();
        assert_eq!(
            actions(&double),
            ["TerminateInstanceInAutoScalingGroup", "SetDesiredCapacity"]
        );
    }

    #[tokio::test]
    async fn a_group_that_is_not_there_is_an_error() {
        let double = Double::start(|_| {
            Answer::status(
                200,
                &format!(
                    "<DescribeAutoScalingGroupsResponse xmlns=\"{NAMESPACE}\"><DescribeAutoScalingGroupsResult><AutoScalingGroups/>\
                     </DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>"
                ),
            )
        })
        .await;
        let place = Place::Group {
            name: "gone".to_owned(),
        };
        let scaling = scaling(&double.url, 0, place);
        let config = double.config(&scaling).await;
        let Err(Error::Fleet(message)) = Group::new(scaling, &config).size(Queue::Cpu).await else {
            panic!("a group that is not there has a size")
        };
        assert!(message.contains("gone"), "{message}");
    }
}
